package policylib.lib.terraform_test

import rego.v1

import data.policylib.lib.terraform

of(plan) := {"review": {"object": object.union({"apiVersion": "policylib.dev/v1", "kind": "TerraformPlan"}, plan)}}

resource(values) := {"address": "a.b", "mode": "managed", "type": "A", "values": values}

change(representation) := {"address": "a.b", "mode": "managed", "type": "A", "change": representation}

entry(path, values) := {"address": "a.b", "mode": "managed", "type": "a", "path": path, "values": values, "unknown": {}}

test_values_of_plans_and_states if {
	tree := {"root_module": {"resources": [resource({"x": 1})], "child_modules": [{"resources": [resource({"x": 2})]}]}}
	every key in ["planned_values", "values"] {
		{one | some one in terraform.resources} == {
			entry([key, "root_module", "resources", 0, "values"], {"x": 1}),
			entry([key, "root_module", "child_modules", 0, "resources", 0, "values"], {"x": 2}),
		} with input as of({key: tree})
		terraform.roots[key] == tree.root_module with input as of({key: tree})
	}
}

test_changes if {
	every case in [
		[{"actions": ["create"], "before": null, "after": {"x": 1}, "after_unknown": {"y": true}}, [["after", {"x": 1}, {"y": true}]]],
		[{"actions": ["update"], "before": {"x": 0}, "after": {"x": 1}}, [["after", {"x": 1}, {}]]],
		[{"actions": ["no-op"], "before": {"x": 1}, "after": {"x": 1}}, [["after", {"x": 1}, {}]]],
		[{"actions": ["delete", "create"], "before": {"x": 0}, "after": {"x": 1}}, [["after", {"x": 1}, {}]]],
		[{"actions": ["delete"], "before": {"x": 0}, "after": null}, []],
		[{"actions": ["delete"], "after": {"x": 1}}, [["after", {"x": 1}, {}]]],
		[{"actions": ["forget"], "before": {"x": 0}, "after": null}, [["before", {"x": 0}, {}]]],
		[{"actions": ["create", "forget"], "before": {"x": 0}, "after": {"x": 1}}, [["after", {"x": 1}, {}], ["before", {"x": 0}, {}]]],
		[{"actions": null, "after": {"x": 1}}, [["after", {"x": 1}, {}]]],
		[{"actions": "delete", "after": {"x": 1}}, [["after", {"x": 1}, {}]]],
		[{}, [["after", {}, {}]]],
		[null, [["after", {}, {}]]],
		[{"after": ["x"], "after_unknown": true}, [["after", {}, {}]]],
	] {
		every wrapped in [
			[["resource_changes", 0], {"resource_changes": [change(case[0])]}],
			[["deferred_changes", 0, "resource_change"], {"deferred_changes": [{"reason": "x", "resource_change": change(case[0])}]}],
		] {
			{[one.path, one.values, one.unknown] | some one in terraform.resources} == {[path, expected[1], expected[2]] |
				some expected in case[1]
				path := array.concat(wrapped[0], ["change", expected[0]])
			} with input as of(wrapped[1])
		}
	}
}

test_what_values_and_changes_say_alike_counts_once if {
	plan := {
		"planned_values": {"root_module": {"resources": [resource({"x": 1})]}},
		"resource_changes": [change({"actions": ["create"], "after": {"x": 1}, "after_unknown": {"y": true}})],
	}
	once := [["resource_changes", 0, "change", "after"], {"y": true}]
	[[one.path, one.unknown] | some one in terraform.resources] == [once] with input as of(plan)
}

test_what_they_say_differently_counts_twice if {
	every representation in [{"actions": ["update"], "after": {"x": 2}}, {"actions": ["delete"], "before": {"x": 2}}] {
		plan := {
			"planned_values": {"root_module": {"resources": [resource({"x": 1})]}},
			"resource_changes": [change(representation)],
		}
		{"x": 1} in [one.values | some one in terraform.resources] with input as of(plan)
	}
}

test_data_sources_keep_nothing if {
	every mode, expected in {"data": 0, "managed": 1, "Data": 1, "": 1, "ephemeral": 1} {
		count(terraform.resources) == expected with input as of({"values": {"root_module": {"resources": [object.union(
			resource({}),
			{"mode": mode},
		)]}}})
	}
}

test_strange_resources if {
	every odd in [null, "x", 5, [], {}, {"address": 5, "type": null, "values": "x"}] {
		terraform.resources == [{
			"address": "", "mode": "", "type": "", "path": ["values", "root_module", "resources", 0, "values"],
			"values": {}, "unknown": {},
		}] with input as of({"values": {"root_module": {"resources": [odd]}}})
		count(terraform.resources) == 1 with input as of({"deferred_changes": [odd]})
	}
}

test_other_kinds_hold_no_resources if {
	tree := {"planned_values": {"root_module": {"resources": [resource({})]}}, "resource_changes": [change({})], "deferred_changes": [{}]}
	every document in [{}, {"apiVersion": "policylib.dev/v1", "kind": "HelmValues"}, {"apiVersion": "v1", "kind": "TerraformPlan"}] {
		terraform.resources == [] with input as {"review": {"object": object.union(document, tree)}}
		not terraform.is_plan with input as {"review": {"object": object.union(document, tree)}}
	}
	terraform.is_plan with input as of({})
}

test_no_root_module if {
	every odd in [null, "x", {}, {"root_module": null}, {"other": {}}] {
		object.keys(terraform.roots) == set() with input as of({"values": odd})
		terraform.resources == [] with input as of({"values": odd})
	}
}
