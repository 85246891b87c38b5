package policylib.lib.workloads_test

import rego.v1

import data.policylib.lib.workloads

of(document) := {"review": {"object": document}}

test_known_by_group_and_kind if {
	every case in [
		["v1", "Pod", "/spec"],
		["v1", "PodTemplate", "/template/spec"],
		["v1", "ReplicationController", "/spec/template/spec"],
		["apps/v1", "Deployment", "/spec/template/spec"],
		["apps/v1", "statefulset", "/spec/template/spec"],
		["extensions/v1beta1", "DAEMONSET", "/spec/template/spec"],
		["batch/v1", "Job", "/spec/template/spec"],
		["batch/v1beta1", "CronJob", "/spec/jobTemplate/spec/template/spec"],
		["argoproj.io/v1alpha1", "Rollout", "/spec/template/spec"],
		["serving.knative.dev/v1", "Service", "/spec/template/spec"],
		["serving.knative.dev/v1", "Revision", "/spec"],
	] {
		workloads.required == {case[2]} with input as of({"apiVersion": case[0], "kind": case[1]})
	}
}

test_a_wrong_or_missing_group_changes_nothing if {
	every api_version in ["v1", "apps", "policy/v1", "", null, 5] {
		workloads.required == {"/spec/template/spec"} with input as of({"apiVersion": api_version, "kind": "Deployment"})
	}
}

test_by_shape if {
	every case in [
		[{"spec": {"Containers": null}}, {"/spec"}],
		[{"spec": {"template": {"spec": {}}}}, {"/spec/template/spec"}],
		[{"apiVersion": "v1", "kind": 5, "template": {"spec": "x"}}, {"/template/spec"}],
		[{"apiVersion": "apps/v1", "kind": "Deploy", "spec": {"jobTemplate": {}}}, {"/spec/jobTemplate/spec/template/spec"}],
		[{"apiVersion": "example.com/v1", "kind": "Job", "spec": {"template": {"spec": {}}}}, {"/spec/template/spec"}],
		[{"apiVersion": "example.com/v1", "spec": {"containers": []}}, {"/spec"}],
		[{"apiVersion": "example.com/v1", "kind": "Job", "spec": {"tasks": []}}, set()],
		[{"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"template": {"spec": {}}}}, set()],
		[{"apiVersion": "v1", "kind": "ConfigMap", "spec": {"containers": []}}, set()],
		["text", set()],
	] {
		workloads.required == case[1] with input as of(case[0])
	}
}

test_a_rollout_may_borrow_its_template if {
	rollout := {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {"workloadRef": {"name": "web"}}}
	workloads.required == set() with input as of(rollout)
	both := object.union(rollout, {"spec": {"template": {}}})
	workloads.required == {"/spec/template/spec"} with input as of(both)
}
