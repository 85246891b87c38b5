package policylib.lib.workloads_test

import rego.v1

import data.policylib.lib.workloads

test_known_by_group_and_kind if {
	every case in [
		["", "pod", "/spec"],
		["", "podtemplate", "/template/spec"],
		["", "replicationcontroller", "/spec/template/spec"],
		["apps", "deployment", "/spec/template/spec"],
		["apps", "statefulset", "/spec/template/spec"],
		["apps", "replicaset", "/spec/template/spec"],
		["serving.knative.dev", "configuration", "/spec/template/spec"],
		["extensions", "daemonset", "/spec/template/spec"],
		["batch", "job", "/spec/template/spec"],
		["batch", "cronjob", "/spec/jobTemplate/spec/template/spec"],
		["argoproj.io", "rollout", "/spec/template/spec"],
		["serving.knative.dev", "service", "/spec/template/spec"],
		["serving.knative.dev", "revision", "/spec"],
		["policy", "deployment", "/spec/template/spec"],
	] {
		workloads.known(case[0], case[1]) == case[2]
		workloads.pod_specs({}, case[0], case[1]) == {case[2]}
	}
}

test_not_known if {
	every case in [["", "configmap"], ["example.com", "deployment"], ["argoproj.io", "workflow"]] {
		not workloads.known(case[0], case[1])
	}
}

test_by_shape if {
	every case in [
		["", "", {"spec": {"Containers": null}}, {"/spec"}],
		["", "", {"spec": {"template": {"spec": {}}}}, {"/spec/template/spec"}],
		["", "", {"template": {"spec": "x"}}, {"/template/spec"}],
		["apps", "deploy", {"spec": {"jobTemplate": {}}}, {"/spec/jobTemplate/spec/template/spec"}],
		["example.com", "job", {"spec": {"template": {"spec": {}}}}, {"/spec/template/spec"}],
		["example.com", "", {"spec": {"containers": []}}, {"/spec"}],
		["example.com", "job", {"spec": {"tasks": []}}, set()],
		["example.com", "thing", {"spec": {"template": {"spec": {}}}}, set()],
		["", "", "text", set()],
	] {
		workloads.pod_specs(case[2], case[0], case[1]) == case[3]
	}
}

test_a_rollout_may_borrow_its_template if {
	borrowed := {"spec": {"workloadRef": {"name": "web"}}}
	workloads.pod_specs(borrowed, "argoproj.io", "rollout") == set()
	both := object.union(borrowed, {"spec": {"template": {}}})
	workloads.pod_specs(both, "argoproj.io", "rollout") == {"/spec/template/spec"}
}
