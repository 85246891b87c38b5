package policylib.lib.patches_test

import rego.v1

import data.policylib.lib.patches

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

found(patch) := {[fault.path, fault.image] | some fault in patches.faults("/spec", {"patches": [patch]})}

test_pinned_or_nothing_chosen if {
	every text in [
		"spec: {replicas: 2}",
		"imagePullPolicy: Always\nimagePullSecrets: [{name: x}]",
		concat("", ["containers:\n- name: a\n  image: ", pinned]),
		concat("", [`- {"op": "replace", "path": "/spec/containers/0/image", "value": "`, pinned, `"}`]),
		concat("", ["- op: replace\n  path: /spec/containers/0/image\n  value: ", pinned, "\n"]),
		"- op: replace\n  path: /spec/replicas\n  value: 2",
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
	every text in [
		"- op: replace\n  path: /spec/containers/0/image\n  value: nginx",
		`[{"op": "replace", "path": "/spec/containers/0/image", "value": "nginx:1"}]`,
		"- op: copy\n  from: /metadata/name\n  path: /spec/containers/0/image",
	] {
		found({"patch": text}) == {["/spec/patches/0/patch", ""]}
	}
	found({"patch": [{"op": "add", "path": "/spec/containers/0/image", "value": "nginx"}]}) == {["/spec/patches/0", ""]}
}

test_each_key if {
	every key in ["patches", "Patches", "patchesStrategicMerge", "patchesJson6902"] {
		count(patches.faults("", {key: ["image: nginx"]})) == 1
	}
	patches.faults("", {"patches": null, "patchesStrategicMerge": ["patch.yaml"]}) == set()
	patches.faults("", null) == set()
}

test_patches_in_any_case if {
	found({"Patch": "image: nginx"}) == {["/spec/patches/0/patch", "nginx"]}
	count(found({"Patch": "image: nginx", "patch": "x"})) == 1
}

test_patches_are_a_list if {
	{fault.path | some fault in patches.faults("/spec", {"patches": {"patch": "image: nginx"}})} == {"/spec/patches"}
}

test_texts_that_hide_an_image if {
	every text in ["image: nginx", "{{ .image }}", "newImage: x", "image:\n  tag: x"] {
		patches.hides_image(text)
	}
	every text in ["replicas: 2", concat("", ["containers:\n- name: a\n  image: ", pinned])] {
		not patches.hides_image(text)
	}
}
