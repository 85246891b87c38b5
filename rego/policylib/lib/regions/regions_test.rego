package policylib.lib.regions_test

import rego.v1

import data.policylib.lib.regions
import data.policylib.lib.regions_aws
import data.policylib.lib.regions_azure
import data.policylib.lib.regions_google

test_names_zones_and_display_names if {
	every x, expected in {
		"us-east-1": "us-east-1",
		"US-EAST-1": "us-east-1",
		"us-east-1a": "us-east-1",
		"US East (N. Virginia)": "us-east-1",
		"us east (n. virginia)": "us-east-1",
		"EU (Ireland)": "eu-west-1",
		"AWS GovCloud (US-West)": "us-gov-west-1",
		"europe-west1": "europe-west1",
		"EUROPE-WEST1": "europe-west1",
		"europe-west1-b": "europe-west1",
		"westeurope": "westeurope",
		"WestEurope": "westeurope",
		"West Europe": "westeurope",
		"westeurope-1": "westeurope",
		"East US 2": "eastus2",
	} {
		regions.canonical(x) == expected
		regions.members(x) == {expected}
		regions.region(x) == expected
		regions.is_known(x)
	}
}

test_what_is_unknown if {
	every x in [
		null, true, 5, 1.5, [], ["us-east-1"], {}, {"region": "us-east-1"}, "", " ", " us-east-1", "us-east-1 ", "us-east-1\n",
		"\tus-east-1", "us-east-1\u0000", "us-east\u200b-1", "\ufeffus-east-1", "us\u2011east\u20111", "us-\u0435ast-1", "U\u212a South",
		"us-east", "us-east-9", "us-east1-", "us-east-1-", "us-east-1aa", "us-east-1A1", "us_east_1", "us east 1", "useast1",
		"us-east-1=us east (n. virginia)", "us-east-1,eu-west-1", "us-east-1\nus-east-2", "virginia", "w esteurope",
		"West  Europe", "westeurope-", "westeurope-0", "westeurope1", "europe-west1-bb", "europe-west1b", "eu-central", "eur6", "*",
		"any", "mars-1", "-", "=", "us-east-1a-b", "https://s3.us-east-1.amazonaws.com",
	] {
		not regions.canonical(x)
		not regions.region(x)
		not regions.is_known(x)
		not regions.pair(x)
	}
}

test_several_regions_at_once if {
	every x in ["eur4", "EUR4"] {
		regions.canonical(x) == "eur4"
		regions.members(x) == {"europe-north1", "europe-west4"}
		not regions.region(x)
	}
	every x in ["EU", "us", "Asia", "nam4"] {
		regions.canonical(x) == lower(x)
		count(regions.members(x)) > 1
		not regions.region(x)
	}
}

test_what_is_no_region_stands_for_itself if {
	every x, name in {
		"global": "global",
		"Global": "global",
		"aws-global": "aws-global",
		"s3.amazonaws.com": "s3.amazonaws.com",
		"us-west-2-lax-1a": "us-west-2-lax-1",
	} {
		regions.canonical(x) == name
		regions.members(x) == {name}
		not regions.region(x)
	}
}

test_endpoints if {
	regions.canonical("s3.eu-west-1.amazonaws.com") == "eu-west-1"
	regions.members("S3.EU-WEST-1.amazonaws.com") == {"eu-west-1"}
}

test_pairs if {
	regions.pair("West Europe") == "northeurope"
	regions.pair("brazilsouth") == "southcentralus"
	every x in ["qatarcentral", "us-east-1", "europe-west1", "eur4", "mars", 5] {
		not regions.pair(x)
	}
}

# Were two providers to call two regions alike, a name would permit both.
test_no_name_is_two_providers if {
	tables := concat("", [regions_aws.table, regions_azure.table, regions_google.table])
	lines := [line | some line in split(tables, "\n"); line != ""]
	spellings := [spelling | some line in lines; some spelling in array.slice(split(line, "="), 0, 2)]
	count(spellings) == count({spelling | some spelling in spellings})
	every spelling in spellings {
		regions.region(spelling)
	}
}

test_a_list_permits if {
	every case in [
		[["us-east-1"], "us-east-1"],
		[["us-east-1"], "us-east-1a"],
		[["mars", "US East (N. Virginia)"], "us-east-1"],
		[["europe-west4", "europe-north1"], "eur4"],
		[["EUR4"], "eur4"],
		[["s3.amazonaws.com"], "s3.amazonaws.com"],
	] {
		regions.covers(case[0], case[1])
	}
}

test_a_list_does_not_permit if {
	every case in [
		[["us-east-1"], "us-east-2"],
		[["us-east-1"], null],
		[["europe-west4"], "eur4"],
		[["eur4"], "europe-west4"],
		[["global"], "us-east-1"],
		[["mars"], "mars"],
		[["us-east-1"], "mars"],
		[[null, 5, ["us-east-1"]], "us-east-1"],
		[[], "us-east-1"],
		[{"a": "us-east-1"}, "us-east-1"],
		[{"a": "us-east-1"}, "us-east-1a"],
		["us-east-1", "us-east-1"],
		[null, "us-east-1"],
	] {
		not regions.covers(case[0], case[1])
	}
}

test_within if {
	every case in [
		[["eur4"], "europe-west4"],
		[["eur4"], "eur4"],
		[["us-east-1a"], "us-east-1b"],
		[["EU"], "eur4"],
	] {
		regions.includes(case[0], case[1])
	}
	every case in [[["europe-west4"], "eur4"], [["us-east-1"], "mars"], [["mars"], "mars"], [[], "us-east-1"], [["us-east-1"], "us-east-2"]] {
		not regions.includes(case[0], case[1])
	}
}
