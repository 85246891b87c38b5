package policylib.lib.assurance_test

import rego.v1

import data.policylib.lib.assurance

label := "policylib.dev/service"

of(labels) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": labels}}}}

services := {
	"web": {"tier": "gold"}, "api": {"tier": "silver"}, "job": {"tier": "bronze"},
	"odd": {"tier": "Bronze"}, "none": {}, "null": null,
}

known := {"catalog": {"services": services}}

test_the_tier_of_the_service if {
	every service, level in {"web": 3, "api": 2, "job": 1} {
		assurance.level == level with input as of({label: service}) with data.settings as known
	}
	settings := object.union(known, {"provenance": {"minimum_level": {"gold": 2, "silver": 2, "bronze": 2}}})
	assurance.level == 2 with input as of({label: "job"}) with data.settings as settings
}

test_what_has_no_known_tier_needs_the_highest if {
	lenient := object.union(known, {"provenance": {"minimum_level": {"gold": 2, "silver": 1, "bronze": 1}}})
	every labels in [
		{}, null, {"app": "job"}, {label: "odd"}, {label: "none"}, {label: "null"}, {label: "unknown"}, {label: ""},
		{label: 5},
		{label: ["job"]}, {label: ["job", "tier"]},
	] {
		assurance.level == 3 with input as of(labels) with data.settings as known
		assurance.level == 2 with input as of(labels) with data.settings as lenient
	}
}

test_a_tier_without_a_level_needs_the_highest if {
	settings := object.union(known, {"provenance": {"minimum_level": {"gold": 1, "silver": 2}}})
	assurance.level == 2 with input as of({label: "job"}) with data.settings as settings
}

test_a_workload_is_part_of_one_service if {
	document := {
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"labels": {label: "job"}},
		"spec": {"template": {"metadata": {"annotations": {label: "api"}}}},
	}
	assurance.level == 3 with input as {"review": {"object": document}} with data.settings as known
	twice := json.patch(document, [{"op": "replace", "path": "/metadata/labels/policylib.dev~1service", "value": "api"}])
	assurance.level == 2 with input as {"review": {"object": twice}} with data.settings as known
	unknown := json.patch(document, [{"op": "replace", "path": "/metadata/labels/policylib.dev~1service", "value": "x"}])
	assurance.level == 3 with input as {"review": {"object": unknown}} with data.settings as known
}

test_other_labels_name_no_service if {
	assurance.level == 1 with input as of({label: "job", "policylib.dev/tenant": "web"}) with data.settings as known
}

test_odd_catalogs if {
	every odd in [null, "x", [], {"services": null}, {"services": ["job"]}, {"services": "x"}] {
		assurance.level == 3 with input as of({label: "job"}) with data.settings as {"catalog": odd}
	}
}

test_no_builder_has_a_level_that_cannot_be_told if {
	every odd in [null, {}, {"bronze": "1"}, [1]] {
		assurance.level == 4 with input as of({label: "job"}) with data.settings as object.union(known, {"provenance": {"minimum_level": odd}})
		assurance.level == 4 with input as of({}) with data.settings as {"provenance": {"minimum_level": odd}}
	}
}

test_levels if {
	assurance.minimum_level == {"gold": 3, "silver": 2, "bronze": 1}
	assurance.minimum_level == {"gold": 1, "other": 3} with data.settings as {"provenance": {"minimum_level": {"gold": 1, "other": 3}}}
	every odd in [
		null, [], [1], 2, "gold", {}, {"gold": 0}, {"gold": 4}, {"gold": 1.5}, {"gold": "1"}, {"gold": null}, {"gold": true},
		{"gold": 1, "silver": "2"},
	] {
		assurance.minimum_level == {} with data.settings as {"provenance": {"minimum_level": odd}}
	}
}
