package policylib.residency.storage_allowed_test

import rego.v1

import data.policylib.residency.storage_allowed

settings := {"residency": {"allowed_regions": {"pii": ["us-east-1"]}, "tenants": {"b": ["eu-west-1"]}}}

claim(labels) := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "PersistentVolumeClaim",
	"metadata": {"name": "data", "labels": {concat("", ["policylib.dev/", key]): value | some key, value in labels}},
}}}

test_at_home if {
	storage_allowed.violation == set() with input as claim({"data-class": "pii", "region": "us-east-1"})
		with data.settings as settings
}

test_a_violation_names_place_region_class_and_tenant if {
	place := "/metadata/labels/policylib.dev~1region"
	storage_allowed.violation == {
		{
			"msg": `claim "data": data class "pii" must stay in us-east-1, not in "eu-north-1"`,
			"details": {"path": place, "region": "eu-north-1", "data_class": "pii", "tenant": ""},
		},
		{
			"msg": `claim "data": data of tenant "b" must stay in eu-west-1, not in "eu-north-1"`,
			"details": {"path": place, "region": "eu-north-1", "data_class": "", "tenant": "b"},
		},
	} with input as claim({"data-class": "pii", "region": "eu-north-1", "tenant": "b"})
		with data.settings as settings
}

test_a_gap_names_its_place if {
	storage_allowed.violation == {{
		"msg": `claim "data": no data class is declared`,
		"details": {"path": "", "region": "", "data_class": "", "tenant": ""},
	}} with input as claim({"region": "us-east-1"})
		with data.settings as settings
}

test_malformed_settings_permit_nothing if {
	given := claim({"data-class": "pii", "region": "us-east-1"})
	every odd in [
		null, "x", {}, [], {"allowed_regions": ["us-east-1"]}, {"allowed_regions": {"pii": "us-east-1"}},
		{"allowed_regions": {"pii": [null, "*"]}},
	] {
		count(storage_allowed.violation) > 0 with input as given with data.settings as {"residency": odd}
	}
	count(storage_allowed.violation) > 0 with input as given
}

test_a_caller_cannot_exempt_himself if {
	wish := {"residency": {"allowed_regions": {"pii": ["eu-north-1"]}}}
	given := object.union(claim({"data-class": "pii", "region": "eu-north-1"}), {"exempt": true, "parameters": wish})
	count(storage_allowed.violation) == 1 with input as given
		with data.settings as settings
}
