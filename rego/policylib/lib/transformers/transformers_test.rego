package policylib.lib.transformers_test

import rego.v1

import data.policylib.lib.choices
import data.policylib.lib.transformers

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

found(list) := {fault.path | some piece in transformers.pieces("/transformers", list); some fault in choices.faults(piece)}

whys(list) := {fault.why | some piece in transformers.pieces("/transformers", list); some fault in choices.faults(piece)}

test_files_and_pinned_text if {
	pinned := concat("", ["kind: ImageTagTransformer\nimageTag: {name: a, digest: ", digest, "}"])
	found(["transformer.yaml", pinned, "kind: LabelTransformer\nlabels: {a: b}"]) == set()
	found(["kind: HelmChartInflationGenerator\nname: app"]) == set()
	found(null) == set()
}

test_text_that_chooses_an_image if {
	every text in [
		"kind: ImageTagTransformer\nimageTag: {name: a, newTag: '1'}",
		"kind: ImageTagTransformer\nimageTag: {name: a, digest: sha256:abc}",
		"kind: PatchTransformer\npatch: '[{op: replace, path: /spec/containers/0/image, value: a}]'",
		"kind: HelmChartInflationGenerator\nvaluesInline:\n  image:\n    tag: '1'",
		"kind: HelmChartInflationGenerator\nvaluesInline:\n  webImage: nginx",
		"kind: HelmChartInflationGenerator\nvaluesInline: 'image: nginx'",
		"kind: PatchTransformer\npatches: [{op: replace, path: /spec/containers/0/image, value: a}]",
		"kind: Custom\nspec: {containers: [{image: nginx}]}",
		"kind: PatchJson6902Transformer\njsonOp: '[{op: replace, path: /spec/containers/0/image, value: a}]'",
		"kind: LabelTransformer\n---\nkind: imagetagtransformer\nImageTag: {name: a, newTag: '1'}",
		"kind: ReplacementTransformer\nreplacements: [{targets: [{fieldPaths: [spec.image]}]}]",
	] {
		found(["file.yaml", text]) == {"/transformers/1"}
	}
}

test_objects if {
	found([{"kind": "ImageTagTransformer", "imageTag": {"name": "a", "newTag": "1"}}, null, 5]) == {"/transformers/0"}
}

test_text_that_cannot_be_read if {
	found(["kind: {{ x }}\nimageTag: {newTag: '1'}", "name: {{ x }}"]) == {"/transformers/0"}
	whys(["kind: {{ x }}\nimageTag: {newTag: '1'}"]) == {"may choose an image out of sight"}
}

annotated(text) := {"kind": "Thing", "metadata": {"annotations": {"config.kubernetes.io/function": text, "other": "image: nginx"}}}

test_a_function_runs_an_image if {
	found([annotated("container:\n  image: nginx")]) == {"/transformers/0"}
	found([json.marshal(annotated("container: {image: nginx}"))]) == {"/transformers/0"}
	found([annotated(concat("", ["container:\n  image: a@", digest])), annotated(5)]) == set()
}

test_transformers_are_a_list if {
	found("kind: ImageTagTransformer") == {"/transformers"}
	whys("kind: ImageTagTransformer") == {"is not a list"}
}
