package policylib.lib.catalog_shape_test

import rego.v1

import data.policylib.lib.catalog_shape

whole := {"tier": "gold", "owner": "platform", "oncall": "#oncall-core"}

test_a_catalog if {
	catalog_shape.faults({"services": {"web": whole, "api": null}}) == set()
}

test_no_map_of_services if {
	every document in [null, "x", {}, {"services": null}, {"services": []}, {"services": [whole]}, {"services": {}}, {"services": "web"}] {
		catalog_shape.faults(document) == {{"path": "/services", "why": "the catalog holds no map of services"}}
	}
}

test_case_alone if {
	catalog_shape.faults({"services": {"web": whole, "Web": whole}}) == {{
		"path": "/services",
		"why": "the catalog has services whose names differ in case alone",
	}}
	catalog_shape.faults({"services": {"web": whole}, "Services": {}}) == {{
		"path": "",
		"why": "the catalog has keys that differ in case alone",
	}}
	catalog_shape.gaps(object.union(whole, {"Tier": "bronze"})) == {{"at": [], "why": "has keys that differ in case alone"}}
}

test_names if {
	catalog_shape.name_faults("web-2") == set()
	every name in ["", "a b", "-a", "wеb", "a/b"] {
		catalog_shape.name_faults(name) == {{"at": [], "why": "has a name that no label could name"}}
	}
}

test_whole if {
	every tier in ["gold", "silver", "bronze"] {
		catalog_shape.gaps(object.union(whole, {"tier": tier, "runbook": "x"})) == set()
	}
}

test_gaps if {
	every key, why in {
		"tier": "has none of the tiers gold, silver and bronze",
		"owner": "names no owner",
		"oncall": "names nobody on call",
	} {
		every entry in [
			object.remove(whole, [key]), object.union(whole, {key: null}), object.union(whole, {key: ""}),
			object.union(whole, {key: "TBD"}), object.union(whole, {key: false}), object.union(whole, {key: ["gold"]}),
		] {
			catalog_shape.gaps(entry) == {{"at": [key], "why": why}}
		}
	}
	every tier in ["Gold", " gold", "gold ", "GOLD", "platinum", "gоld", "gold\n"] {
		catalog_shape.gaps(object.union(whole, {"tier": tier})) == {{
			"at": ["tier"],
			"why": "has none of the tiers gold, silver and bronze",
		}}
	}
	count(catalog_shape.gaps({})) == 3
	every entry in [null, "gold", [], [whole], true] {
		catalog_shape.gaps(entry) == {{"at": [], "why": "is no object"}}
	}
}
