package policylib.lib.transformers_test

import rego.v1

import data.policylib.lib.transformers

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

found(list) := {fault.path | some fault in transformers.faults("/transformers", list)}

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
		"kind: ReplacementTransformer\nreplacements: [{targets: [{fieldPaths: [spec.image]}]}]",
	] {
		found(["file.yaml", text]) == {"/transformers/1"}
	}
}

test_transformers_are_a_list if found("kind: ImageTagTransformer") == {"/transformers"}
