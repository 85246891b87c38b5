package policylib.lib.regions_aws_test

import rego.v1

import data.policylib.lib.regions_aws

lines(table) := split(trim(table, "\n"), "\n")

test_every_line if {
	count(lines(regions_aws.table)) == 48
	every line in lines(regions_aws.table) {
		line == lower(line)
		is_found(split(line, "="))
	}
	count(lines(regions_aws.worldwide)) == 7
	every line in lines(regions_aws.worldwide) {
		regions_aws.is_worldwide(line)
	}
}

is_found([name, display]) if {
	every spelling in [name, display, concat("", [name, "a"])] {
		regions_aws.region(spelling) == name
	}
}

test_the_price_list_says_eu if {
	regions_aws.region("eu (ireland)") == "eu-west-1"
	not regions_aws.region("eu (london")
	not regions_aws.region("xeu (london)")
}

test_no_region if {
	every text in [
		"",
		"us-east-9", "us-east-1aa", "us-east-1-a", "us-east-1-", "a", "1a", "us east", "us east (n. virginia) ", "east-1", "us-east-1\nus-east-2",
		"us east (n. virginia)\nus-east-2", "aws-global", "us-east-1=us east (n. virginia)\nus-east-2",
	] {
		not regions_aws.region(text)
	}
}

test_a_local_zone_is_a_place_of_its_own if {
	every text, name in {
		"us-west-2-lax-1": "us-west-2-lax-1",
		"us-west-2-lax-1b": "us-west-2-lax-1",
		"af-south-1-los-1a": "af-south-1-los-1",
		"us-east-1-wl1-bos-wlz-1": "us-east-1-wl1-bos-wlz-1",
	} {
		regions_aws.outpost(text) == name
		not regions_aws.region(text)
	}
	every text in [
		"us-east-1", "us-east-1a", "us-east-9-lax-1a", "us-west-2-la-1a", "us-west-2-lax-1ab", "us-west-2-lax",
		"lax-1a", "us-east-1-wl1-bos-1", "us-west-2-lax-1\n", "xus-west-2-lax-1",
	] {
		not regions_aws.outpost(text)
	}
}

test_not_worldwide if {
	every text in ["", "aws", "global", "aws-global\naws-cn-global", "us-east-1"] {
		not regions_aws.is_worldwide(text)
	}
}
