package policylib.lib.residency_test

import rego.v1

import data.policylib.lib.residency

given := {"residency": {"allowed_regions": {
	"pii": ["us-east-1", "West Europe", "eu-west-1a"],
	"logs": ["us-west-2", "us-east-1"],
	"public": ["EU", "global"],
	"none": [],
	"odd": [null, 5, "", "mars", ["us-east-1"]],
	"text": "us-east-1",
}}}

test_permitted if {
	every case in [
		["pii", "us-east-1"],
		["pii", "US East (N. Virginia)"],
		["pii", "us-east-1b"],
		["pii", "westeurope"],
		["pii", "eu-west-1"],
		["pii", "s3.eu-west-1.amazonaws.com"],
		["public", "eu"],
		["public", "Global"],
	] {
		residency.permits(case[0], case[1]) with data.settings as given
		residency.refusal(case[0], case[1]) == "" with data.settings as given
	}
}

test_several_regions_are_permitted_by_name_or_one_by_one if {
	settings := {"residency": {"allowed_regions": {
		"named": ["eur4"],
		"all": ["europe-west4", "europe-north1"],
		"some": ["europe-west4"],
	}}}
	residency.permits("named", "EUR4") with data.settings as settings
	residency.permits("all", "eur4") with data.settings as settings
	not residency.permits("some", "eur4") with data.settings as settings
	not residency.permits("named", "europe-west4") with data.settings as settings
}

test_refused if {
	every case in [
		["pii", "us-west-2", `data class "pii" must stay in us-east-1, West Europe, eu-west-1a, not in "us-west-2"`],
		["none", "us-west-2", `data class "none" must stay in no region, not in "us-west-2"`],
		["odd", "us-east-1", `data class "odd" must stay in no region, not in "us-east-1"`],
		["text", "us-east-1", `residency.allowed_regions has no data class "text"`],
		["PII", "us-east-1", `residency.allowed_regions has no data class "PII"`],
		["pii ", "us-east-1", `residency.allowed_regions has no data class "pii "`],
		["", "us-east-1", `residency.allowed_regions has no data class ""`],
		["p\u200bii\n", "us-east-1", `residency.allowed_regions has no data class "p?ii?"`],
		[null, "us-east-1", "the data class is missing"],
		[5, "us-east-1", "the data class is a number, not text"],
		[["pii"], "us-east-1", "the data class is an array, not text"],
		[{"pii": true}, "us-east-1", "the data class is an object, not text"],
		[true, "us-east-1", "the data class is a boolean, not text"],
		["pii", null, "the location is missing"],
		["pii", ["us-east-1"], "the location is an array, not text"],
		["pii", "", `no region is known as ""`],
		["pii", " us-east-1", `no region is known as " us-east-1"`],
	] {
		residency.refusal(case[0], case[1]) == case[2] with data.settings as given
		not residency.permits(case[0], case[1]) with data.settings as given
	}
}

test_malformed_settings_permit_nothing if {
	every odd in [null, "x", 5, [], ["pii"], {"allowed_regions": null}, {"allowed_regions": []}, {"allowed_regions": {"pii": {}}}] {
		not residency.permits("pii", "us-east-1") with data.settings as {"residency": odd}
	}
	not residency.permits("pii", "us-east-1") with data.settings as {}
}

test_a_class_is_a_key if {
	not residency.permits(0, "us-east-1") with data.settings as {"residency": {"allowed_regions": [["us-east-1"]]}}
}

test_every_class_counts if {
	residency.refusals(["pii", "logs"], "us-east-1") == set() with data.settings as given
	residency.refusals(["pii", "logs", "x"], "us-west-2") == {
		`data class "pii" must stay in us-east-1, West Europe, eu-west-1a, not in "us-west-2"`,
		`residency.allowed_regions has no data class "x"`,
	} with data.settings as given
}

test_what_the_family_says_of_values if {
	residency.several("pii, logs") == ["pii", "logs"]
	residency.said(["mars", "us-east-1"]) == "us-east-1"
	residency.named(null) == "missing"
	residency.shown("a\nb") == `"a?b"`
	residency.printable("a\nb") == "a?b"
}
