package policylib.lib.terraform_modules_test

import rego.v1

import data.policylib.lib.terraform_modules

test_values if {
	root := {"child_modules": [{"name": "a", "child_modules": [{"name": "b"}]}, {"name": "c"}]}
	flat := terraform_modules.flat(root, ["values", "root_module"])
	{[node.path, object.get(node.module, "name", "root"), node.prefix] | some node in flat} == {
		[["values", "root_module"], "root", ""],
		[["values", "root_module", "child_modules", 0], "a", ""],
		[["values", "root_module", "child_modules", 0, "child_modules", 0], "b", ""],
		[["values", "root_module", "child_modules", 1], "c", ""],
	}
}

test_configuration if {
	root := {"module_calls": {"a": {"module": {"module_calls": {"b": {"module": {"name": "b"}}}}}, "c": {}}}
	{[node.path, node.prefix] | some node in terraform_modules.flat(root, [])} == {
		[[], ""],
		[["module_calls", "a", "module"], "module.a."],
		[["module_calls", "a", "module", "module_calls", "b", "module"], "module.a.module.b."],
		[["module_calls", "c", "module"], "module.c."],
	}
}

three(module) := {"child_modules": [{"child_modules": [{"child_modules": [module]}]}]}

seven := {"child_modules": [three(three({"name": "eighth"}))]}

test_the_eighth_level_is_read if {
	flat := terraform_modules.flat(seven, [])
	count(flat) == 8
	{"name": "eighth"} in {node.module | some node in flat}
	terraform_modules.faults(seven, []) == set()
}

test_below_it_nothing_is if {
	count(terraform_modules.flat({"child_modules": [seven]}, [])) == 8
	{[count(fault.path), fault.why] | some fault in terraform_modules.faults({"child_modules": [seven]}, [])} == {
		[16, "is nested too deep to be judged"],
	}
}

test_what_is_no_list_of_objects if {
	every odd in [null, "x", {}, ["x"], [{}, null]] {
		terraform_modules.faults({"resources": odd}, ["a"]) == {{"path": ["a", "resources"], "why": "is not a list of objects"}}
		terraform_modules.is_odd(odd)
	}
	terraform_modules.faults({"child_modules": {}}, []) == {{"path": ["child_modules"], "why": "is not a list of objects"}}
	terraform_modules.faults({"child_modules": [{"resources": 5}]}, []) == {{
		"path": ["child_modules", 0, "resources"],
		"why": "is not a list of objects",
	}}
	terraform_modules.faults({"resources": [{}], "child_modules": []}, []) == set()
	terraform_modules.faults(null, []) == set()
	not terraform_modules.is_odd([])
}
