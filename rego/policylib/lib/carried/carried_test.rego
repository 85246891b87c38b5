package policylib.lib.carried_test

import rego.v1

import data.policylib.lib.carried

images := [{"name": "app", "newTag": "1"}]

of(document) := {"review": {"object": document}}

paths(faults) := {fault.path | some fault in faults}

test_each_reader if {
	every case in [
		["policylib.dev/v1", "HelmValues", {"values": {"image": "a"}}, "/values/image"],
		["kustomize.config.k8s.io/v1beta1", "Kustomization", {"images": images}, "/images/0/newTag"],
		["kustomize.toolkit.fluxcd.io/v1", "Kustomization", {"spec": {"images": images}}, "/spec/images/0/newTag"],
		["argoproj.io/v1", "Application", {"helm": {"valuesObject": {"image": "a"}}}, "/helm/valuesObject/image"],
		["argoproj.io/v1", "ApplicationSet", {"helm": {"valuesObject": {"image": "a"}}}, "/helm/valuesObject/image"],
		["helm.toolkit.fluxcd.io/v2", "HelmRelease", {"spec": {"values": {"image": "a"}}}, "/spec/values/image"],
		["helm.fluxcd.io/v1", "HelmRelease", {"spec": {"values": {"image": "a"}}}, "/spec/values/image"],
		["kustomize.config.k8s.io/v1alpha1", "Component", {"images": images}, "/images/0/newTag"],
		["kustomize.config.k8s.io/v1beta1", "", {"images": images}, "/images/0/newTag"],
		["", "Component", {"images": images}, "/images/0/newTag"],
		["builtin", "ImageTagTransformer", {"imageTag": images[0]}, "/imageTag/newTag"],
		["builtin", "PatchTransformer", {"patch": "image: a"}, "/patch"],
		["builtin", "PatchJson6902Transformer", {"jsonOp": "image: a"}, "/jsonOp"],
		["builtin", "PatchStrategicMergeTransformer", {"patches": "image: a"}, "/patches"],
		["builtin", "HelmChartInflationGenerator", {"valuesInline": {"image": "a"}}, "/valuesInline/image"],
		["builtin", "ReplacementTransformer", {"replacements": [{"targets": [{"fieldPaths": ["spec.image"]}]}]}, "/replacements/0"],
	] {
		document := object.union(case[2], {"apiVersion": case[0], "kind": case[1]})
		paths(carried.faults) == {case[3]} with input as of(document)
	}
}

test_where_images_are_from if {
	document := {"kind": "Kustomization", "images": [{"name": "a", "newName": "b"}]}
	carried.named == {{"path": "/images/0/newName", "image": "b", "of": "image"}} with input as of(document)
}

test_values_under_another_name if {
	every kind in ["ServiceCatalog", "TerraformPlan", "TransferRequest"] {
		document := {"apiVersion": "policylib.dev/v1", "kind": kind, "image": "a"}
		paths(carried.faults) == {"/image"} with input as of(document)
	}
}

test_others_carry_none if {
	carried.faults == set() with input as of({"apiVersion": "v1", "kind": "ConfigMap", "values": {"image": "a"}})
	carried.faults == set() with input as of(null)
	carried.pieces == set() with input as of(null)
}
