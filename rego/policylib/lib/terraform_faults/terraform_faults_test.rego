package policylib.lib.terraform_faults_test

import rego.v1

import data.policylib.lib.terraform_faults

of(plan) := {"review": {"object": object.union({"apiVersion": "policylib.dev/v1", "kind": "TerraformPlan"}, plan)}}

faults contains [fault.path, fault.why] if some fault in terraform_faults.faults

test_nothing_that_could_be_judged if {
	every plan in [
		{}, {"planned_values": null}, {"planned_values": {}}, {"values": {"outputs": {}}}, {"resource_changes": null},
		{"resource_changes": "x"},
	] {
		["", "holds no resources that could be judged"] in faults with input as of(plan)
	}
	every plan in [{"planned_values": {"root_module": {}}}, {"values": {"root_module": {}}}, {"resource_changes": []}] {
		faults == set() with input as of(plan)
	}
}

test_what_is_not_read if {
	every odd in [[], "x", 5, true] {
		faults == {["/values/root_module", "is no module"]} with input as of({"values": {"root_module": odd}})
	}
	faults == {["/values/root_module/resources", "is not a list of objects"]} with input as of({"values": {"root_module": {"resources": {}}}})
	every key in ["deferred_changes", "resource_changes"] {
		faults == {[concat("/", ["", key]), "is not a list of objects"]} with input as of({"values": {"root_module": {}}, key: {}})
	}
}

test_resources_that_nobody_can_name if {
	whole := {"address": "a.b", "type": "a"}
	every key in ["address", "type"] {
		expected := ["/resource_changes/0/change/after", sprintf("has a resource without %s", [key])]
		faults == {expected} with input as of({"resource_changes": [object.remove(whole, [key])]})
	}
	faults == set() with input as of({"resource_changes": [whole]})
}

test_a_plan_that_failed if {
	every errored in [true, "true", 1, {}] {
		faults == {["/errored", "says that the plan failed"]} with input as of({"resource_changes": [], "errored": errored})
	}
	every errored in [false, null] {
		faults == set() with input as of({"resource_changes": [], "errored": errored})
	}
}

test_versions if {
	unknown := ["/format_version", "is a version that nobody knows here"]
	every version in ["2.0", "10.0", "", "1.x", "v1", " 1.0", null, 1, 1.2] {
		faults == {unknown} with input as of({"resource_changes": [], "format_version": version})
	}
	every version in ["0.1", "1.0", "1.2", "1"] {
		faults == set() with input as of({"resource_changes": [], "format_version": version})
	}
}

test_other_kinds_have_none if {
	pod := {"apiVersion": "v1", "kind": "Pod", "errored": true, "format_version": "9", "resource_changes": {}}
	faults == set() with input as {"review": {"object": pod}}
}
