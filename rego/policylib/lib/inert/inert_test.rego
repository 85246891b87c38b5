package policylib.lib.inert_test

import rego.v1

import data.policylib.lib.inert

test_inert if {
	every case in [
		["", "configmap"],
		["apiextensions.k8s.io", "customresourcedefinition"],
		["kyverno.io", "clusterpolicy"],
		["constraints.gatekeeper.sh", "k8srequireimagedigest"],
		["autoscaling", "horizontalpodautoscaler"],
		["argoproj.io", "application"],
		["policylib.dev", "helmvalues"],
	] {
		inert.is_inert(case[0], case[1])
	}
}

test_not_inert if {
	every case in [
		["", "pod"],
		["example.com", "configmap"],
		["policy", ""],
		["policylib.dev", "anything"],
		["kyverno.io", "pod"],
		["templates.gatekeeper.sh", "job"],
		["apiextensions.k8s.io", "deployment"],
		["constraints.gatekeeper.sh", "pod"],
		["constraints.gatekeeper.sh", ""],
		["argoproj.io", "workflow"],
		["", ""],
	] {
		not inert.is_inert(case[0], case[1])
	}
}
