package policylib.lib.cleared_test

import rego.v1

import data.policylib.lib.cleared

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

pinned := concat("@", ["a:1", digest])

found(tree) := {fault.path | some fault in cleared.in_tree("/values", tree)}

test_cleared_and_kept_digests if {
	every case in [
		[{"image": {"digest": ""}}, "/values/image/digest"],
		[{"web": {"image": {"digest": null, "pullPolicy": "Always"}}}, "/values/web/image/digest"],
		[{"image": {"sha": ""}}, "/values/image/sha"],
		[{"image": {"sha256": ""}}, "/values/image/sha256"],
		[{"imageDigest": ""}, "/values/imageDigest"],
		[{"web_image_digest": null}, "/values/web_image_digest"],
		[{"image": {"useDigest": false}}, "/values/image/useDigest"],
		[{"image": {"useDigest": null}}, "/values/image/useDigest"],
		[{"image": {"digest": digest, "useDigest": false}}, "/values/image/useDigest"],
	] {
		found(case[0]) == {case[1]}
	}
	every tree in [
		{"image": {"useDigest": true}}, {"verifyImageDigest": false}, {"useDigest": false}, {1: "imageDigest"},
		{"image": {"tag": "1", "useDigest": false}}, null, "text", {}, {"digest": ""},
		{"image": {"pullPolicy": ""}}, {"image": {"tag": "1", "digest": ""}},
		{"image": {"tag": concat("@", ["1", digest]), "digest": ""}},
		{"image": pinned, "imageDigest": ""}, {"annotations": {"image": {"digest": ""}, "imageDigest": ""}},
		{"imageRepository": pinned, "imageDigest": ""}, {"image": {"digest": digest}},
	] {
		found(tree) == set()
	}
}

test_what_a_fault_says if {
	cleared.in_tree("/values", {"imageDigest": ""}) == {{
		"path": "/values/imageDigest",
		"image": "",
		"why": "is cleared, so that the tag of the chart decides",
	}}
	cleared.faults_at([], {"imageDigest": ""}) == {{
		"key": "imageDigest",
		"image": "",
		"why": "is cleared, so that the tag of the chart decides",
	}}
}

test_only_objects_clear if {
	every tree in [[{"image": {"digest": ""}}], "x", null] {
		found(tree) == set()
	}
}
