package policylib.lib.regions_google_test

import rego.v1

import data.policylib.lib.regions_google

test_every_line if {
	lines := split(trim(regions_google.table, "\n"), "\n")
	count(lines) == 47
	every line in lines {
		regions_google.region(line) == line
		regions_google.region(concat("", [line, "-b"])) == line
	}
}

test_no_region if {
	every text in [
		"", "us-east-1", "us-east1a", "us-east1-", "us-east1-bb", "us-east1-1", "us-east9", "us", "eur4", "-a", "us-east1\nus-east4",
		"us-east1-b\n", "mars-b", "south1", "east",
	] {
		not regions_google.region(text)
	}
}

test_two_regions_and_three if {
	every name, members in {
		"asia1": {"asia-northeast1", "asia-northeast2"},
		"eur3": {"europe-north1", "europe-west1", "europe-west4"},
		"eur4": {"europe-north1", "europe-west4"},
		"eur5": {"europe-west1", "europe-west2"},
		"eur7": {"europe-west2", "europe-west3"},
		"eur8": {"europe-west3", "europe-west6"},
		"nam4": {"us-central1", "us-east1"},
		"nam5": {"us-central1", "us-central2", "us-east1"},
		"nam7": {"us-central1", "us-central2", "us-east4"},
	} {
		regions_google.members(name) == members
		every member in members {
			regions_google.region(member) == member
		}
	}
}

test_parts_of_the_world if {
	every case in [
		["us", "us-west1", "europe-west1"],
		["asia", "asia-south2", "australia-southeast1"],
		["eu", "europe-west1", "europe-west2"],
		["eu", "europe-north1", "europe-west6"],
		["europe", "europe-west2", "us-east1"],
		["europe", "europe-west6", "me-west1"],
	] {
		case[1] in regions_google.members(case[0])
		not case[2] in regions_google.members(case[0])
	}
	count(regions_google.members("us")) == 12
	count(regions_google.members("eu")) == 12
	count(regions_google.members("europe")) == 14
	count(regions_google.members("asia")) == 10
}

test_no_members if {
	every text in ["", "us-east1", "eur6", "global", "\n"] {
		not regions_google.members(text)
	}
}
