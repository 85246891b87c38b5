package policylib.lib.patches_test

import rego.v1

import data.policylib.lib.choices
import data.policylib.lib.patches

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

faults(base, x) := {fault | some piece in patches.pieces(base, x); some fault in choices.faults(piece)}

found(patch) := {[fault.path, fault.image] | some fault in faults("/spec", {"patches": [patch]})}

test_pinned_or_nothing_chosen if {
	every text in [
		"spec: {replicas: 2}",
		"imagePullPolicy: Always\nimagePullSecrets: [{name: x}]",
		concat("", ["containers:\n- name: a\n  image: ", pinned]),
		concat("", [`- {"op": "replace", "path": "/spec/containers/0/image", "value": "`, pinned, `"}`]),
		concat("", ["- op: replace\n  path: /spec/containers/0/image\n  value: ", pinned, "\n"]),
		"- op: replace\n  path: /spec/replicas\n  value: 2",
		concat("", ["kind: A\n---\nkind: B\nimage: ", pinned]),
		"patch.yaml", "image.yaml",
		"value: {{ .x }}",
		"a: <<\nreplicas: {{ .replicas }} # why?!",
	] {
		found({"patch": text}) == set()
		found(text) == set()
	}
}

test_a_merge_that_sets_an_image if {
	found({"patch": "containers:\n- name: a\n  image: nginx:1"}) == {["/spec/patches/0/patch", "nginx:1"]}
	found({"patch": `{"containers": [{"image": "nginx:1"}]}`}) == {["/spec/patches/0/patch", "nginx:1"]}
	found({"spec": {"containers": [{"image": "nginx:1"}]}}) == {["/spec/patches/0", "nginx:1"]}
	found("- image: 'nginx:1'") == {["/spec/patches/0", "nginx:1"]}
}

test_an_operation_that_sets_an_image if {
	every case in [
		["- op: replace\n  path: /spec/containers/0/image\n  value: nginx", "nginx"],
		[`[{"op": "replace", "path": "/spec/containers/0/image", "value": "nginx:1"}]`, "nginx:1"],
		["- op: copy\n  from: /metadata/name\n  path: /spec/containers/0/image", ""],
		[[{"op": "add", "path": "/spec/containers/0/image", "value": "nginx"}], "nginx"],
	] {
		found({"patch": case[0]}) == {["/spec/patches/0/patch", case[1]]}
	}
}

test_text_that_cannot_be_read if {
	every text in [
		"image: {{ .x }}", "a: {{ .x }}\n\"im\\x61ge\": nginx", "a: {{ .x }}\n!!binary aW1hZ2U=: nginx", "---\nkind: A\n--- # more\nimage: nginx",
	] {
		found({"patch": text}) == {["/spec/patches/0/patch", ""]}
		found(text) == {["/spec/patches/0", ""]}
	}
}

test_spellings_of_yaml if {
	every text in [
		"image:\n  nginx", "? image\n: nginx", "\"im\\u0061ge\": nginx", "image: !!str nginx", "image: &a nginx", "{image: nginx}",
		"kind: A\n---\nimage: nginx", "volumes:\n- image:\n    reference: nginx", "a: &image nginx\nimage: *image",
		"spec:\n  values:\n    image:\n      repository: nginx",
	] {
		count(found({"patch": text})) == 1
	}
}

test_images_of_a_text if {
	patches.named("image: '[2001:db8::1]:5000/app@x' # [a]") == {"[2001:db8::1]:5000/app@x"}
	patches.named("containers:\n- image: a\n  args: [x]\n- {'image': 'b'}") == {"a", "b"}
}

test_each_key if {
	every key in ["patches", "Patches", "patche\u017f", "patchesStrategicMerge", "patchesJson6902"] {
		count(faults("", {key: ["image: nginx"]})) == 1
	}
	faults("", {"patches": null, "patchesStrategicMerge": ["patch.yaml"]}) == set()
	faults("", null) == set()
	faults("", {"transformers": ["image: nginx"]}) == set()
}

test_patches_in_any_case if {
	found({"Patch": "image: nginx"}) == {["/spec/patches/0/patch", "nginx"]}
	count(found({"Patch": "image: nginx", "patch": "x"})) == 1
}

test_what_cannot_be_told if {
	gap := {"form": "gap", "path": "/spec/patches", "value": "is not a list", "flat": true}
	patches.pieces("/spec", {"patches": "x"}) == {gap}
	patches.pieces("/spec", {"patches": ["image: {{ x }}"]}) == {object.union(gap, {
		"path": "/spec/patches/0",
		"value": "may choose an image out of sight",
	})}
}

test_patches_are_a_list if {
	{fault.path | some fault in faults("/spec", {"patches": {"patch": "image: nginx"}})} == {"/spec/patches"}
}

test_texts_that_hide_an_image if {
	every text in [
		"image: nginx", "{{ .image }}", "newImage: x", "image:\n  tag: x", "IMAGE: x",
		`"im\u0061ge": "x"`, "!!binary aW1hZ2U=: x",
	] {
		patches.hides_image(text)
	}
	every text in ["replicas: 2", "args: [\"a!\", b != c]", concat("", ["containers:\n- name: a\n  image: ", pinned])] {
		not patches.hides_image(text)
	}
}
