package policylib.lib.operations_test

import rego.v1

import data.policylib.lib.operations

trees(operation) := {piece.value | some piece in operations.pieces("/p", [operation]); piece.form == "override"}

gaps(operation) := {[piece.path, piece.value] | some piece in operations.pieces("/p", [operation]); piece.form == "gap"; piece.flat}

test_what_is_set_under_its_last_keys if {
	every case in [
		[{"op": "add", "path": "/spec/containers/0/image", "value": "a"}, {"0": {"image": "a"}}],
		[{"op": "replace", "path": "/image", "value": "a"}, {"": {"image": "a"}}],
		[{"op": "add", "path": "", "value": {"image": "a"}}, {"": {"image": "a"}}],
		[{"op": "add", "path": "/metadata/annotations/a~1b~0image", "value": "a"}, {"annotations": {"a/b~image": "a"}}],
		[{"Op": "add", "Path": "/a/b", "Value": null}, {"a": {"b": null}}],
		[{"op": "remove", "path": "/values/image/digest"}, {"image": {"digest": null}}],
		[{"path": "/a/b", "value": 1}, {"a": {"b": 1}}],
		[{"image": "a"}, {"image": "a"}],
	] {
		trees(case[0]) == {case[1]}
		gaps(case[0]) == set()
	}
	every operation in [{"op": "test", "path": "/spec/image", "value": "a"}, {"op": "add", "path": 5, "value": "a"}] {
		trees(operation) == set()
	}
}

test_pieces_are_of_the_text if {
	operations.pieces("/p", [{"path": "/a/b", "value": 1}]) == {{"form": "override", "path": "/p", "value": {"a": {"b": 1}}, "flat": true}}
}

test_what_is_set_in_an_override if {
	every key in ["newTag", "NewTag", "newName", "tagSuffix"] {
		operation := {"op": "add", "path": concat("/", ["/spec/images/0", key]), "value": "a"}
		pieces := {piece | some piece in operations.pieces("/p", [operation]); piece.form == "image"}
		pieces == {{"form": "image", "path": "/p", "value": {key: "a"}, "flat": true}}
	}
	every operation in [{"op": "add", "path": "/spec/tag", "value": "a"}, {"op": "add", "path": 5, "value": "a"}] {
		{piece | some piece in operations.pieces("/p", [operation]); piece.form == "image"} == set()
	}
}

test_what_is_copied_into_an_image if {
	every path in [
		"/spec/containers/0/image", "/spec/containers/-", "/spec/initContainers", "/spec/volumes/0/image/reference", "/spec/template",
		"/spec/template/spec", "/spec", "", "/values/image/digest", "/spec/steps/0", "/spec/values/web",
	] {
		gaps({"op": "copy", "from": "/metadata/name", "path": path}) == {["/p", "may choose an image out of sight"]}
	}
	every operation in [
		{"op": "copy", "from": "/metadata/name", "path": "/metadata/labels/app"},
		{"op": "copy", "from": "/metadata/name", "path": "/spec/containers/0/env/0/value"},
		{"op": "move", "from": "/spec/x", "path": 5}, {"op": "remove", "path": "/spec/containers/0"},
	] {
		gaps(operation) == set()
	}
}
