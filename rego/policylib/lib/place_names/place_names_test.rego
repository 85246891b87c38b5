package policylib.lib.place_names_test

import rego.v1

import data.policylib.lib.place_names
import data.policylib.lib.regions_aws
import data.policylib.lib.regions_google

test_names_that_hold_a_place if {
	every text, expected in {
		"pv-eu-west-1-data": {"eu-west-1"},
		"us-east-1": {"us-east-1"},
		"aws://us-east-1a/vol-0123": {"us-east-1a"},
		"data-us-gov-west-1": {"us-gov-west-1"},
		"x-europe-west1-b": {"europe-west1"},
		"europe-west1-b": {"europe-west1-b"},
		"account.westeurope.example.com": {"westeurope"},
		"region eu-west-1": {"eu-west-1"},
		"account.ukwest.example.com": {"ukwest"},
	} {
		place_names.inside(text) == expected
	}
	efs := "fs-0123.efs.eu-west-1.amazonaws.com"
	place_names.inside(concat("", [efs, ":/data"])) == {efs}
	place_names.inside("x.us-east-1.eu-west-1.example.com") == {"us-east-1", "eu-west-1"}
	place_names.inside("a-us-east-1-b-eu-west-1") == {"us-east-1", "eu-west-1"}
}

test_every_region_is_found_in_a_longer_name if {
	every table in [regions_aws.table, regions_google.table] {
		every line in split(trim_space(table), "\n") {
			name := split(line, "=")[0]
			place_names.inside(sprintf("data-%s-x", [name])) == {name}
		}
	}
}

test_names_that_do_not if {
	every text in [
		"", "global", "asia1", "West Europe", "pvc-0123", "standard-rwo", "us", "eu.example.com", "ip-10-0-0-1.ec2.internal",
		"topology.kubernetes.io/zone",
	] {
		place_names.inside(text) == set()
	}
}

test_every_text_of_a_value if {
	given := {"a": ["data-eu-west-1", 5], "b": {"c": "projects/p/zones/moon-1/disks/d"}, "d": "arn:aws:x:mars-1:1:y", "e": null}
	place_names.within(given) == {
		{"path": ["a", 0], "value": "eu-west-1"},
		{"path": ["b", "c"], "value": "moon-1"},
		{"path": ["d"], "value": "mars-1"},
	}
	place_names.within("/var/named/zones/internal") == set()
	place_names.within(null) == set()
}
