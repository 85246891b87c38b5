package policylib.lib.tekton_test

import rego.v1

import data.policylib.lib.tekton

of(kind, spec) := {"review": {"object": {"apiVersion": "tekton.dev/v1", "kind": kind, "spec": spec}}}

test_steps_and_sidecars_name_an_image if {
	spec := {"taskSpec": {"steps": [{"script": "x"}, {"image": "a"}], "sidecars": [{"name": "s"}]}}
	paths := {"/spec/taskSpec/steps/0/image", "/spec/taskSpec/sidecars/0/image"}
	{gap.path | some gap in tekton.faults} == paths with input as of("TaskRun", spec)
}

test_a_step_may_borrow_its_image if {
	every spec in [
		{"steps": [{"ref": {"name": "action"}}]},
		{"stepTemplate": {"image": "a"}, "steps": [{"script": "x"}]},
		{"tasks": [{"taskSpec": {"stepTemplate": {"image": "a"}, "steps": [{"script": "x"}]}}]},
	] {
		tekton.faults == set() with input as of("Task", spec)
	}
}

test_a_sidecar_may_not if {
	spec := {"stepTemplate": {"image": "a"}, "sidecars": [{"name": "s", "ref": {"name": "x"}}]}
	count(tekton.faults) == 1 with input as of("Task", spec)
}

test_a_step_action_is_a_step if {
	every case in [[{"image": "a"}, "has no digest"], [{"script": "x"}, "is missing"]] {
		{fault.why | some fault in tekton.faults} == {case[1]} with input as of("StepAction", case[0])
	}
	tekton.faults == set() with input as of("Task", {"image": "a"})
}

test_others_are_not_tekton if {
	tekton.faults == set() with input as {"review": {"object": {"apiVersion": "example.com/v1", "kind": "Task", "spec": {"steps": [{}]}}}}
}
