package policylib.lib.images_test

import rego.v1

import data.policylib.lib.images

of(document) := {"review": {"object": document}}

pod(spec) := of({"apiVersion": "v1", "kind": "Pod", "spec": spec})

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

test_a_pod if {
	spec := {
		"containers": [{"image": pinned}, {"image": 5}, {}],
		"initContainers": [{"image": "b"}],
		"volumes": [{"image": {"reference": "c"}}],
	}
	images.named == {
		{"path": "/spec/containers/0/image", "image": pinned},
		{"path": "/spec/containers/1/image", "image": 5},
		{"path": "/spec/containers/2/image", "image": null},
		{"path": "/spec/initContainers/0/image", "image": "b"},
		{"path": "/spec/volumes/0/image/reference", "image": "c"},
	} with input as pod(spec)
	{[one.path, one.why] | some one in images.faults} == {
		["/spec/containers/1/image", "is not text"],
		["/spec/containers/2/image", "is missing"],
		["/spec/initContainers/0/image", "has no digest"],
		["/spec/volumes/0/image/reference", "has no digest"],
	} with input as pod(spec)
}

test_what_stands_in_the_place_of_images if {
	images.named == {{"path": "/spec/containers", "image": null}} with input as pod({})
	images.faults == {{"path": "/spec/containers", "image": null, "why": "holds no container"}} with input as pod({})
	images.runs with input as pod({})
}

test_custom_resources if {
	every document in [
		{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {"template": {"spec": {"containers": [{"image": "x"}]}}}},
		{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": {"templates": [{"script": {"image": "x"}}]}},
		{"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [{"image": "x"}]}},
		{"apiVersion": "tekton.dev/v1", "kind": "StepAction", "spec": {"image": "x"}},
		{"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"pods": [{"containers": [{"image": "x"}]}]}},
		{"spec": {"containers": [{"image": "x"}]}},
	] {
		{one.image | some one in images.named} == {"x"} with input as of(document)
		images.runs with input as of(document)
	}
}

test_a_patch_of_a_pod if {
	workflow := {"apiVersion": "argoproj.io/v1alpha1", "kind": "Sensor", "spec": {"podSpecPatch": "image: x"}}
	{one.image | some one in images.named} == {"x", null} with input as of(workflow)
}

test_gaps_of_custom_resources if {
	every document in [
		{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": {"templates": [{"script": {}}]}},
		{"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [{"script": "x"}]}},
	] {
		{one.image | some one in images.named} == {null} with input as of(document)
	}
}

test_what_runs_nothing if {
	every document in [
		null, "x", {},
		{"apiVersion": "v1", "kind": "ConfigMap", "spec": {"containers": [{"image": "x"}]}},
		{"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "spec": {"template": {"spec": {"containers": [{"image": "x"}]}}}},
		{"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"image": "x"}},
	] {
		images.named == set() with input as of(document)
		images.runs == false with input as of(document)
	}
}

test_a_workload_runs_what_it_borrows if {
	document := {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {"workloadRef": {"name": "web"}}}
	images.named == set() with input as of(document)
	images.runs with input as of(document)
}
