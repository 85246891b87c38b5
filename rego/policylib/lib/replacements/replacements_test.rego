package policylib.lib.replacements_test

import rego.v1

import data.policylib.lib.choices
import data.policylib.lib.replacements

found(list) := {fault.path | some piece in replacements.pieces("/replacements", list); some fault in choices.faults(piece)}

to(path) := {"source": {"kind": "ConfigMap"}, "targets": [{"select": {"kind": "Deployment"}, "fieldPaths": [path]}]}

test_into_an_image if {
	every path in [
		"spec.template.spec.containers.[name=app].image", "spec.template.spec.containers.0",
		"spec.template.spec.containers.[name=a.b]", "spec.template.spec.initContainers",
		"spec.template.spec.volumes.0.image.reference", "spec.template.spec", "spec",
	] {
		found([to("metadata.name"), to(path)]) == {"/replacements/1"}
	}
	found([{"Targets": [{"FieldPaths": ["spec.image"]}]}]) == {"/replacements/0"}
}

test_a_piece if {
	gap := {"form": "gap", "path": "/r/0", "value": "may choose an image out of sight", "flat": false}
	replacements.pieces("/r", [to("spec.image")]) == {gap}
	replacements.pieces("/r", "x") == {object.union(gap, {"path": "/r", "value": "is not a list"})}
}

test_into_anything_else if {
	every path in ["metadata.labels.app", "spec.template.spec.containers.[name=app].env.[name=A].value", 5] {
		found([to(path)]) == set()
	}
	every list in [null, [], [null, {"path": "replacement.yaml"}, {"targets": "x"}, {"targets": [{"fieldPaths": "image"}, null]}]] {
		found(list) == set()
	}
}

test_replacements_are_a_list if found({"targets": []}) == {"/replacements"}
