package policylib.lib.overrides_test

import rego.v1

import data.policylib.lib.overrides

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

paths(list) := {fault.path | some fault in overrides.faults("/images", list)}

test_pinned_or_kept if {
	every override in [
		{"name": "a", "digest": digest},
		{"name": "a", "newName": "x.io/b"},
		{"name": "a", "newTag": "1", "digest": digest},
		{"name": "a", "digest": ""},
		{"name": "a"},
		concat("@", ["a=b", digest]),
		"a=x.io/b",
	] {
		paths([override]) == set()
	}
	paths(null) == set()
}

test_unpinned if {
	every case in [
		[{"name": "a", "newTag": "1"}, "/images/0/newTag"],
		[{"name": "a", "newTag": 1.1}, "/images/0/newTag"],
		[{"name": "a", "tagSuffix": "-x"}, "/images/0/tagSuffix"],
		[{"name": "a", "newName": "b:1"}, "/images/0/newName"],
		[{"name": "a", "newName": 5}, "/images/0/newName"],
		[{"name": "a", "digest": "sha256:abc"}, "/images/0/digest"],
		[{"Name": "a", "newtag": "1"}, "/images/0/newTag"],
		[{"name": "a", "newTag": null, "NewTag": null}, "/images/0"],
		["a=b:1", "/images/0"],
		["b:1", "/images/0"],
		["b", "/images/0"],
		["a=", "/images/0"],
		[null, "/images/0"],
		[5, "/images/0"],
	] {
		paths([case[0]]) == {case[1]}
	}
}

test_what_a_fault_says if {
	overrides.faults("/images", "a=b") == {{"path": "/images", "image": "", "why": "is not a list"}}
	overrides.faults("/images", [5]) == {{"path": "/images/0", "image": "", "why": "is no image override"}}
	overrides.faults("/images", [{"newTag": null, "NewTag": null}]) == {{
		"path": "/images/0",
		"image": "",
		"why": "holds keys that differ in case alone",
	}}
	overrides.faults("/images", ["a=b:1"]) == {{"path": "/images/0", "image": "b:1", "why": "has no digest"}}
	overrides.faults("/images", [{"name": "a", "newTag": "1"}]) == {{
		"path": "/images/0/newTag",
		"image": "a:1",
		"why": "has no digest",
	}}
}

named(list) := {[origin.path, origin.image] | some origin in overrides.named("/images", list); origin.of == "image"}

test_keys if {
	overrides.keys({"name": "a"}) == {"registry": "", "repository": "name", "tag": "newTag", "digest": "digest"}
}

test_where_images_are_from if {
	every case in [
		[{"name": "a", "newName": "x.io/b"}, {["/images/0/newName", "x.io/b"]}],
		[{"name": "a", "newName": 5}, {["/images/0/newName", "?"]}],
		[{"name": "a", "digest": digest}, {["/images/0/name", "a"]}],
		[{"Name": "a", "NewName": "b"}, {["/images/0/newName", "b"]}],
		[{"newName": "b", "NEWNAME": "b"}, {["/images/0", null], ["/images/0/newName", "b"]}],
		[{"name": "a"}, set()],
		[{"name": "a", "digest": ""}, set()],
		[{"name": "a", "tagSuffix": "-x"}, {["/images/0/name", "a"]}],
		[{"name": "a", "newTag": "1"}, {["/images/0/name", "a"]}],
		[{"newTag": "1"}, set()],
		["a=b:1", {["/images/0", "b:1"]}],
		["a=b", {["/images/0", "b"]}],
		["b:1", {["/images/0", "b:1"]}],
		[5, {["/images/0", null]}],
	] {
		named([case[0]]) == case[1]
	}
	named(null) == set()
	named({"name": "a"}) == {["/images", null]}
}

test_overrides_are_a_list if {
	every list in ["a=b", {"name": "a"}, 5] {
		paths(list) == {"/images"}
	}
}
