package policylib.lib.inert_test

import rego.v1

import data.policylib.lib.inert

of(api_version, kind) := {"review": {"object": {"apiVersion": api_version, "kind": kind}}}

test_inert if {
	every case in [
		["v1", "ConfigMap"],
		["v1", "configmap"],
		["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
		["kyverno.io/v1", "ClusterPolicy"],
		["constraints.gatekeeper.sh/v1beta1", "K8sRequireImageDigest"],
		["autoscaling/v2", "HorizontalPodAutoscaler"],
		["argoproj.io/v1alpha1", "Application"],
		["policylib.dev/v1", "HelmValues"],
	] {
		inert.is_inert with input as of(case[0], case[1])
	}
}

test_not_inert if {
	every case in [
		["v1", "Pod"],
		["example.com/v1", "ConfigMap"],
		["policy/v1", ""],
		["argoproj.io/v1alpha1", "Workflow"],
		["", ""],
	] {
		not inert.is_inert with input as of(case[0], case[1])
	}
}
