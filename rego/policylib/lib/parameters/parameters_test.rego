package policylib.lib.parameters_test

import rego.v1

import data.policylib.lib.parameters

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

named(pairs) := [{"name": pair[0], "value": pair[1]} | some pair in pairs]

indexes(pairs) := {fault.index | some fault in parameters.faults(named(pairs))}

test_pinned if {
	every pairs in [
		[],
		[["replicas", "2"]],
		[["image.tag", "1"], ["image.digest", digest]],
		[["image", concat("@", ["a", digest])]],
		[["web.repository", "a"], ["web.tag", "1"], ["web.digest", digest]],
		[["image.tag", "1"], ["image.tag", concat("@", ["1", digest])]],
		[["global.imageRegistry", "x.io"]],
	] {
		indexes(pairs) == set()
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
		indexes(case[0]) == {case[1]}
	}
}

test_strange_parameters_choose_nothing if {
	parameters.faults([null, 5, "image", {}, {"name": 5}, {"name": "image"}]) == set()
}
