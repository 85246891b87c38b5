package policylib.lib.argo_test

import rego.v1

import data.policylib.lib.argo
import data.policylib.lib.choices

of(kind, spec) := {"review": {"object": {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "spec": spec}}}

paths(pieces) := {fault.path | some piece in pieces; some fault in choices.faults(piece)}

test_each_place_of_values if {
	every case in [
		[{"source": {"helm": {"valuesObject": {"image": "a"}}}}, "/spec/source/helm/valuesObject/image"],
		[{"source": {"helm": {"values": "image: a"}}}, "/spec/source/helm/values"],
		[{"source": {"helm": {"values": {"image": "a"}}}}, "/spec/source/helm/values"],
		[{"source": {"helm": {"parameters": [{"name": "image", "value": "a"}]}}}, "/spec/source/helm/parameters/0/value"],
		[{"sources": [{}, {"kustomize": {"images": ["a:1"]}}]}, "/spec/sources/1/kustomize/images/0"],
		[{"source": {"kustomize": {"patches": [{"patch": "image: a"}]}}}, "/spec/source/kustomize/patches/0/patch"],
		[{"source": {"plugin": {"env": [{"name": "IMAGE", "value": "a"}]}}}, "/spec/source/plugin/env/0/value"],
		[{"templatePatch": "newImage: x"}, "/spec/templatePatch"],
		[{"source": {"helm": {"fileParameters": [{"name": "image", "path": "a"}]}}}, "/spec/source/helm/fileParameters/0/value"],
		[{"source": {"directory": {"jsonnet": {"tlas": [{"name": "image", "value": "a"}]}}}}, "/spec/source/directory/jsonnet/tlas/0/value"],
		[
			{"source": {"directory": {"jsonnet": {"extVars": [{"name": "image", "value": "a"}]}}}},
			"/spec/source/directory/jsonnet/extVars/0/value",
		],
		[{"source": {"helm": {"parameters": {"name": "image", "value": "a"}}}}, "/spec/source/helm/parameters"],
		[{"templatePatch": "spec: {source: {helm: {values: 'image: {{ .image }}'}}}"}, "/spec/templatePatch"],
		[{"template": {"spec": {"source": {"helm": {"values": "image: a"}}}}}, "/spec/template/spec/source/helm/values"],
	] {
		paths(argo.pieces) == {case[1]} with input as of("ApplicationSet", case[0])
	}
}

test_pieces if {
	argo.pieces == {{"form": "images", "path": "/spec/source/kustomize/images", "value": [], "flat": false}}
		with input as of("Application", {"source": {"kustomize": {"images": []}}})
	{piece.value | some piece in argo.pieces; piece.form == "gap"} == {"may choose an image out of sight"}
		with input as of("ApplicationSet", {"templatePatch": "{{ .patch }}"})
}

test_nothing_chosen if {
	every spec in [
		null,
		{"source": {"path": "deploy"}},
		{"source": {"helm": null, "kustomize": "x"}},
		{"source": {"kustomize": {"values": "image: a", "valuesObject": {"image": "a"}}, "helm": {"patches": [{"patch": "image: a"}]}}},
		{"templatePatch": "image: {{ .x }}"},
		{"source": {"helm": {"values": null, "valueFiles": ["values.yaml"], "parameters": null}}},
		{"source": {"helm": {"values": "replicas: 2"}}},
	] {
		paths(argo.pieces) == set() with input as of("Application", spec)
	}
}

test_a_template_of_a_patch_makes_any_keys if {
	every text in ["{{ .patch }}", "\n{{- .patch }}", "spec: {{ .spec | toYaml }}", "{{ toPrettyJson .x }}", "{{ (index .x 0) }}"] {
		paths(argo.pieces) == {"/spec/templatePatch"} with input as of("ApplicationSet", {"templatePatch": text})
	}
	every text in ["spec: {project: {{ .project }}}", "{{- if .x }}\nspec: {}\n{{- end }}"] {
		paths(argo.pieces) == set() with input as of("ApplicationSet", {"templatePatch": text})
	}
}

test_a_template_of_a_patch_names_its_images if {
	pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	spec := {"templatePatch": sprintf("spec: {x: {{ .x }}, image: %s}", [pinned])}
	expected := {{"form": "reference", "path": "/spec/templatePatch", "value": pinned, "flat": true}}
	argo.pieces == expected with input as of("ApplicationSet", spec)
	argo.pieces == set() with input as of("Application", spec)
}

test_others_are_not_applications if {
	paths(argo.pieces) == set() with input as of("AppProject", {"source": {"helm": {"valuesObject": {"image": "a"}}}})
}

test_a_status_delivers_nothing if {
	document := {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "status": {"helm": {"values": "image: a"}}}
	paths(argo.pieces) == set() with input as {"review": {"object": document}}
}

test_tools_are_what_carries_values if {
	spec := {"source": {"helm": {"valuesObject": {"a": {}}}, "chart": "x"}, "destination": {"namespace": "x"}}
	{tool.base | some tool in argo.tools} == {"/spec/source/helm"} with input as of("Application", spec)
}
