package policylib.lib.tekton_test

import rego.v1

import data.policylib.lib.tekton

of(kind, spec) := {"review": {"object": {"apiVersion": "tekton.dev/v1", "kind": kind, "spec": spec}}}

test_steps_and_sidecars_name_an_image if {
	spec := {"taskSpec": {"steps": [{"script": "x"}, {"image": "a"}], "sidecars": [{"name": "s"}]}}
	paths := {"/spec/taskSpec/steps/0/image", "/spec/taskSpec/sidecars/0/image"}
	tekton.images == {{"path": path, "image": null, "gap": ""} | some path in paths} with input as of("TaskRun", spec)
}

test_a_step_may_borrow_its_image if {
	every spec in [
		{"steps": [{"ref": {"name": "action"}}]},
		{"stepTemplate": {"image": "a"}, "steps": [{"script": "x"}]},
	] {
		tekton.images == set() with input as of("Task", spec)
		tekton.images == set() with input as of("Pipeline", {"tasks": [{"taskSpec": spec}]})
	}
}

test_a_sidecar_may_not if {
	spec := {"stepTemplate": {"image": "a"}, "steps": [{}], "sidecars": [{"name": "s", "ref": {"name": "x"}}]}
	count(tekton.images) == 1 with input as of("Task", spec)
}

test_a_template_without_an_image_lends_none if {
	spec := {"stepTemplate": {"env": []}, "steps": [{"script": "x"}]}
	{one.path | some one in tekton.images} == {"/spec/steps/0/image"} with input as of("Task", spec)
}

test_a_step_action_is_a_step if {
	every case in [[{"image": "a"}, "a"], [{"script": "x"}, null]] {
		tekton.images == {{"path": "/spec/image", "image": case[1], "gap": ""}} with input as of("StepAction", case[0])
	}
}

test_others_are_not_tekton if {
	tekton.images == set() with input as {"review": {"object": {"apiVersion": "example.com/v1", "kind": "Task", "spec": {"steps": [{}]}}}}
}

test_a_task_has_steps if {
	every kind in ["Task", "ClusterTask"] {
		tekton.images == {{"path": "/spec/steps", "image": null, "gap": "holds no step"}} with input as of(kind, {})
		tekton.images == {{"path": "/spec/steps/0", "image": null, "gap": "is not an object"}} with input as of(kind, {"steps": ["a"]})
	}
	every case in [
		[null, "/spec/steps"],
		[{}, "/spec/steps"],
		[{"steps": []}, "/spec/steps"],
		[{"steps": {"image": "a"}}, "/spec/steps"],
		[{"steps": "a"}, "/spec/steps"],
		[{"steps": [null]}, "/spec/steps/0"],
		[{"steps": [{"image": "a"}], "sidecars": ["a"]}, "/spec/sidecars/0"],
	] {
		{one.path | some one in tekton.images} == {case[1]} with input as of("Task", case[0])
	}
	every spec in [{}, "x", {"steps": null}] {
		{one.path | some one in tekton.images} == {"/spec/taskSpec/steps"} with input as of("TaskRun", {"taskSpec": spec})
	}
}

test_tasks_that_are_elsewhere if {
	every spec in [
		{"taskRef": {"name": "build"}}, {"taskSpec": null},
		{"tasks": [{"taskSpec": {"apiVersion": "example.com/v1", "kind": "Wait", "spec": {}}}]},
	] {
		tekton.images == set() with input as of("Pipeline", spec)
	}
}

test_other_containers_of_a_task_are_overlays if {
	spec := {"steps": [{"image": "a"}], "podTemplate": {"containers": [{"name": "x"}]}}
	tekton.images == set() with input as of("Task", spec)
}

test_a_task_of_another_group if {
	document := {"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"taskSpec": {}}}
	tekton.images == set() with input as {"review": {"object": document}}
}
