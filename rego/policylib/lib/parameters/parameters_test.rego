package policylib.lib.parameters_test

import rego.v1

import data.policylib.lib.parameters

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

named(pairs) := [{"name": pair[0], "value": pair[1]} | some pair in pairs]

found(pairs) := {fault.path | some fault in parameters.faults("", named(pairs))}

test_pinned if {
	every pairs in [
		[],
		[["replicas", "2"]],
		[["image.tag", "1"], ["image.digest", digest]],
		[["image", concat("@", ["a", digest])]],
		[["web.repository", "a"], ["web.tag", "1"], ["web.digest", digest]],
		[["image.tag", "1"], ["image.tag", concat("@", ["1", digest])]],
		[["global.imageRegistry", "x.io"]],
		[["web.repository", "a"], ["other.tag", "1"]],
	] {
		found(pairs) == set()
	}
}

test_unpinned if {
	every case in [
		[[["image", "a:1"]], 0],
		[[["replicas", "2"], ["web.image.tag", "1"]], 1],
		[[["containers[0].image", "a"]], 0],
		[[["image.tag", 1]], 0],
		[[["web.image.digest", ""]], 0],
		[[["web.tag", "1"], ["web.repository", "a"]], 0],
		[[["image.tag", concat("@", ["1", digest])], ["image.tag", "1"]], 1],
	] {
		found(case[0]) == {sprintf("/%d/value", [case[1]])}
	}
}

test_what_a_fault_says if {
	parameters.faults("/p", named([["image", "a:1"]])) == {{"path": "/p/0/value", "image": "a:1", "why": "has no digest"}}
	begun := {"path": "/p/0/name", "image": "", "why": "holds what begins another parameter"}
	parameters.faults("/p", named([["a=1,b", "x"]])) == {begun}
	parameters.faults("/p", named([["a", ",b=x"]])) == {object.union(begun, {"path": "/p/0/value"})}
}

test_spellings_of_helm if {
	every case in [
		[[["im\\age.t\\ag", "1"]], {"/0/value"}],
		[[["images[0].tag", concat("@", ["1", digest])], ["images[1].tag", "1"]], {"/1/value"}],
		[[["images[0].tag", "1"], ["images[1].tag", concat("@", ["1", digest])]], {"/0/value"}],
		[[["web.images", "{a:1,x/b}"]], {"/0/value"}],
		[[["image[0]", "a"]], {"/0/value"}],
		[[["a=1,b", "x"]], {"/0/name"}],
		[[["a", ",image.tag=x"]], {"/0/value"}],
		[[["a", "b,,image.tag=x"]], {"/0/value"}],
		[[["a", "b\\\\,image.tag=x"]], {"/0/value"}],
		[[["a", "{b},image.tag=x}"]], {"/0/value"}],
	] {
		found(case[0]) == case[1]
	}
	every pairs in [
		[["image\\.tag", "1"], ["labels", "{a,b}"], ["a", "{}"]], [["a", "x=1,y=2"]], [["web.images", "a:1"]], [["a", "b\\,c"]],
		[["web.images", sprintf("{a@%s, b@%s}", [digest, digest])]],
	] {
		found(pairs) == set()
	}
}

test_lists if {
	every list in ["a", {"name": "image"}, 5] {
		parameters.faults("/p", list) == {{"path": "/p", "image": "", "why": "is not a list"}}
		parameters.named("/p", list) == {{"path": "/p", "image": null, "of": "image"}}
	}
	parameters.faults("/p", null) == set()
	parameters.named("/p", null) == set()
	parameters.unseen(null) == null
}

test_where_images_are_from if {
	pairs := [["image.repository", "a"], ["global.imageRegistry", "x.io"], ["image.repository", "b"], ["a=", "1"]]
	{[origin.path, origin.image, origin.of] | some origin in parameters.named("", named(pairs))} == {
		["/1/value", "x.io", "registry"],
		["/2/value", "x.io/b", "image"],
		["/3/name", null, "image"],
	}
}

test_values_in_files if {
	list := parameters.unseen([5, {"name": "image.tag", "path": "tag.txt"}, {"name": "script", "path": "x.sh"}])
	{fault.path | some fault in parameters.faults("", list)} == {"/1/value"}
}

test_strange_parameters_choose_nothing if {
	parameters.faults("", [null, 5, "image", {}, {"name": 5}, {"name": "image"}]) == set()
}
