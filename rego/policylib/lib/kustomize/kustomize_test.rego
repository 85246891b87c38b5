package policylib.lib.kustomize_test

import rego.v1

import data.policylib.lib.kustomize

of(document) := {"review": {"object": document}}

test_kustomizations if {
	override := {"images": [{"name": "a", "newTag": "1"}]}
	every envelope in [
		{"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"},
		{"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"},
		{"apiVersion": "kustomize.config.k8s.io/v1beta1"},
		{"kind": "Kustomization"},
	] {
		{fault.path | some fault in kustomize.faults} == {"/images/0/newTag"} with input as of(object.union(envelope, override))
	}
	kustomize.faults == set() with input as of(object.union({"apiVersion": "v1", "kind": "ConfigMap"}, override))
}

test_patches if {
	document := {"kind": "Kustomization", "patches": [{"path": "patch.yaml"}, {"patch": "image: a"}]}
	{fault.path | some fault in kustomize.faults} == {"/patches/1/patch"} with input as of(document)
}

test_inline_values if {
	document := {"kind": "Kustomization", "helmCharts": [{"name": "a"}, {"valuesInline": {"image": "a"}}]}
	{fault.path | some fault in kustomize.faults} == {"/helmCharts/1/valuesInline/image"} with input as of(document)
}
