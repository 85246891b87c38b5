package policylib.digest.image_pinned_test

import rego.v1

import data.policylib.digest.image_pinned

pinned := "ghcr.io/org/app:1.4.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

good := {"name": "app", "image": pinned}

bad := {"name": "app", "image": "nginx:1.27"}

of(document) := {"review": {"object": document}}

deployment(spec) := of({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": spec}}})

messages(violations) := {v.msg | some v in violations}

test_pinned_workloads_pass if {
	every spec in [
		{"containers": [good]},
		{"initContainers": [good], "containers": [good, good], "volumes": [{"image": {"reference": pinned}}]},
	] {
		image_pinned.violation == set() with input as deployment(spec)
	}
}

test_a_violation_names_place_and_image if {
	expected := {"msg": `image "nginx:1.27" has no digest`, "details": {
		"path": "/spec/template/spec/containers/1/image",
		"image": "nginx:1.27",
	}}
	image_pinned.violation == {expected} with input as deployment({"containers": [good, bad]})
}

test_each_place_of_an_image if {
	every spec in [
		{"containers": [good], "initContainers": [bad]},
		{"containers": [good], "ephemeralContainers": [bad]},
		{"containers": [good], "InitContainers": [bad]},
		{"containers": [good], "volumes": [{"image": {"reference": "nginx:1.27"}}]},
	] {
		messages(image_pinned.violation) == {`image "nginx:1.27" has no digest`} with input as deployment(spec)
	}
}

test_gaps_are_violations if {
	every spec in [null, "x", {}, {"containers": null}, {"containers": "x"}, {"containers": []}, {"Containers": [good]}] {
		count(image_pinned.violation) > 0 with input as deployment(spec)
	}
	missing := "/spec/template/spec/containers/0/image is missing"
	messages(image_pinned.violation) == {missing} with input as deployment({"containers": [{}]})
}

test_no_document_is_a_violation if {
	every document in [null, "x", 5, true, [good]] {
		image_pinned.violation == {{"msg": "the document is not an object", "details": {"path": "", "image": ""}}} with input as of(document)
	}
	count(image_pinned.violation) == 1 with input as {}
}

test_custom_resources if {
	every document in [
		{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {"template": {"spec": {"containers": [bad]}}}},
		{"apiVersion": "serving.knative.dev/v1", "kind": "Service", "spec": {"template": {"spec": {"containers": [{}]}}}},
		{"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [{"script": "x"}]}},
		{"apiVersion": "tekton.dev/v1", "kind": "StepAction", "spec": {"script": "x"}},
		{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": {"templates": [{"script": {"source": "x"}}]}},
		{"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"pods": [{"containers": [bad]}]}},
		{"spec": {"containers": [bad]}},
	] {
		count(image_pinned.violation) == 1 with input as of(document)
	}
}

test_what_runs_nothing_passes if {
	every document in [
		{"apiVersion": "v1", "kind": "ConfigMap", "data": {"pod.yaml": "image: nginx"}},
		{"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 80}]}},
		{"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "spec": {"rules": [{"pattern": {"spec": {"containers": [bad]}}}]}},
		{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {"containers": [bad]}},
		{"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"image": "logo.png", "containers": [{"name": "overlay"}]}},
	] {
		image_pinned.violation == set() with input as of(document)
	}
}

test_a_list_is_refused if {
	pod := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [good]}}
	violations := image_pinned.violation with input as of({"apiVersion": "v1", "kind": "List", "items": [pod]})
	violations == {{
		"msg": "a list is judged item by item, and this one is nested too deep or was not taken apart",
		"details": {"path": "/items", "image": ""},
	}}
	image_pinned.violation == set() with input as of({"apiVersion": "v1", "kind": "Secret", "items": ["x"]})
	image_pinned.violation == set() with input as of({"apiVersion": "v1", "kind": "List", "items": []})
}

test_a_caller_cannot_exempt_himself if {
	request := object.union(deployment({"containers": [bad]}), {"parameters": {"digest": {"algorithms": []}}, "exempt": true})
	count(image_pinned.violation) == 1 with input as request
}
