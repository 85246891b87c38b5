package policylib.lib.kustomize_test

import rego.v1

import data.policylib.lib.choices
import data.policylib.lib.kustomize

of(document) := {"review": {"object": document}}

paths(pieces) := {fault.path | some piece in pieces; some fault in choices.faults(piece)}

test_kustomizations if {
	override := {"images": [{"name": "a", "newTag": "1"}]}
	every envelope in [
		{"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"},
		{"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"},
		{"apiVersion": "kustomize.config.k8s.io/v1beta1"},
		{"kind": "Kustomization"},
		{"kind": "Component"},
	] {
		paths(kustomize.pieces) == {"/images/0/newTag"} with input as of(object.union(envelope, override))
	}
	paths(kustomize.pieces) == set() with input as of(object.union({"apiVersion": "v1", "kind": "ConfigMap"}, override))
}

test_patches if {
	document := {"kind": "Kustomization", "patches": [{"path": "patch.yaml"}, {"patch": "image: a"}]}
	paths(kustomize.pieces) == {"/patches/1/patch"} with input as of(document)
}

test_pieces if {
	kustomize.pieces == {{"form": "images", "path": "/images", "value": [], "flat": false}}
		with input as of({"kind": "Kustomization", "images": []})
	kustomize.pieces == {{"form": "override", "path": "/helmCharts/0/valuesInline", "value": {}, "flat": false}}
		with input as of({"kind": "Kustomization", "helmCharts": [{"valuesInline": {}}]})
	every case in [
		[{"images": [], "Images": []}, "holds keys that differ in case alone"],
		[{"helmChartInflationGenerator": [{"extraArgs": ["image=x"]}]}, "may choose an image out of sight"],
	] {
		{piece.value | some piece in kustomize.pieces; piece.form == "gap"} == {case[1]}
			with input as of(object.union({"kind": "Kustomization"}, case[0]))
	}
}

test_inline_values if {
	document := {"kind": "Kustomization", "helmCharts": [{"name": "a"}, {"valuesInline": {"image": "a"}}]}
	paths(kustomize.pieces) == {"/helmCharts/1/valuesInline/image"} with input as of(document)
}

test_arguments_of_a_chart if {
	generator := {"chartName": "app", "extraArgs": ["--set", "image.tag=x"]}
	paths(kustomize.pieces) == {"/helmChartInflationGenerator"} with input as of({
		"kind": "Kustomization",
		"helmChartInflationGenerator": [generator],
	})
	plain := {"kind": "Kustomization", "helmChartInflationGenerator": [{"chartName": "app"}]}
	paths(kustomize.pieces) == set() with input as of(plain)
}

test_keys_in_any_case if {
	every case in [
		[{"Images": [{"Name": "a", "newtag": "1"}]}, "/Images/0/newTag"],
		[{"imageTags": [{"name": "a", "newTag": "1"}]}, "/imageTags/0/newTag"],
		[{"PATCHES": [{"Patch": "image: a"}]}, "/PATCHES/0/patch"],
		[{"helmcharts": [{"ValuesInline": {"image": "a"}}]}, "/helmcharts/0/valuesInline/image"],
		[{"images": [], "Images": []}, ""],
	] {
		paths(kustomize.pieces) == {case[1]} with input as of(object.union({"kind": "Kustomization"}, case[0]))
	}
}

test_transformers_and_replacements if {
	every case in [
		[{"transformers": ["kind: ImageTagTransformer\nimageTag: {name: a, newTag: x}"]}, "/transformers/0"],
		[{"generators": ["kind: HelmChartInflationGenerator\nvaluesInline: {image: {tag: x}}"]}, "/generators/0"],
		[{"replacements": [{"targets": [{"fieldPaths": ["spec.image"]}]}]}, "/replacements/0"],
	] {
		paths(kustomize.pieces) == {case[1]} with input as of(object.union({"kind": "Kustomization"}, case[0]))
	}
}

test_an_image_transformer if {
	document := {"apiVersion": "builtin", "kind": "ImageTagTransformer", "imageTag": {"name": "a", "newTag": "1"}}
	paths(kustomize.pieces) == {"/imageTag/newTag"} with input as of(document)
}

test_transformers_in_documents_of_their_own if {
	every case in [
		["PatchTransformer", {"patch": "image: a"}, {"/patch"}],
		["PatchTransformer", {"patch": "replicas: 3"}, set()],
		["PatchJson6902Transformer", {"jsonOp": `[{"op": "add", "path": "/image", "value": "a"}]`}, {"/jsonOp"}],
		["PatchStrategicMergeTransformer", {"patches": "image: a"}, {"/patches"}],
		["PatchStrategicMergeTransformer", {"patches": "replicas: 3"}, set()],
		["PatchStrategicMergeTransformer", {"patches": ["image: a"]}, {"/patches/0"}],
		["PatchStrategicMergeTransformer", {"about": "image: a"}, set()],
		["HelmChartInflationGenerator", {"valuesInline": {"image": "a"}}, {"/valuesInline/image"}],
		["ReplacementTransformer", {"replacements": [{"targets": [{"fieldPaths": ["spec.image"]}]}]}, {"/replacements/0"}],
	] {
		document := object.union({"apiVersion": "builtin", "kind": case[0]}, case[1])
		paths(kustomize.pieces) == case[2] with input as of(document)
	}
	faults := {fault.why | some piece in kustomize.pieces; some fault in choices.faults(piece)} with input as of({
		"kind": "Kustomization",
		"patches": "image: a",
	})
	faults == {"is not a list"}
}

test_other_fields_and_kinds if {
	paths(kustomize.pieces) == set() with input as of({"kind": "Kustomization", "charts": [{"valuesInline": {"image": "a"}}]})
	paths(kustomize.pieces) == set() with input as of({"apiVersion": "v1", "kind": "ConfigMap", "images": [], "Images": []})
}
