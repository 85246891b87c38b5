package policylib.lib.choices_test

import rego.v1

import data.policylib.lib.choices

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

# A form, a value, what is wrong with it and what it names.
cases := [
	["values", {"image": "a"}, [["/x/image", "a", "has no digest"]], [["/x/image", "a", "image"]]],
	["values", {"image": {"digest": ""}}, [], []],
	["override", {"image": "a"}, [["/x/image", "a", "has no digest"]], [["/x/image", "a", "image"]]],
	["override", {"image": {"digest": ""}}, [["/x/image/digest", "", "is cleared, so that the tag of the chart decides"]], []],
	["images", [{"name": "a", "newName": "x.io/b"}], [], [["/x/0/newName", "x.io/b", "image"]]],
	["images", ["a=b:1"], [["/x/0", "b:1", "has no digest"]], [["/x/0", "b:1", "image"]]],
	["image", {"name": "a", "newTag": "1"}, [["/x/newTag", "a:1", "has no digest"]], [["/x/name", "a", "image"]]],
	["parameters", [{"name": "image", "value": "a"}], [["/x/0/value", "a", "has no digest"]], [["/x/0/value", "a", "image"]]],
	["parameters", "a", [["/x", "", "is not a list"]], [["/x", null, "image"]]],
	[
		"files", [{"name": "image", "path": "a"}],
		[["/x/0/value", "{{ a file }}", "holds an unresolved template or variable"]], [["/x/0/value", "{{ a file }}", "image"]],
	],
	["reference", "a", [["/x", "a", "has no digest"]], [["/x", "a", "image"]]],
	["reference", pinned, [], [["/x", pinned, "image"]]],
	["gap", "is odd", [["/x", "", "is odd"]], [["/x", null, "image"]]],
]

test_each_form if {
	every case in cases {
		piece := {"form": case[0], "path": "/x", "value": case[1], "flat": false}
		{[fault.path, fault.image, fault.why] | some fault in choices.faults(piece)} == {fault | some fault in case[2]}
		{[origin.path, origin.image, origin.of] | some origin in choices.named(piece)} == {origin | some origin in case[3]}
	}
}

test_a_text_has_one_place if {
	every case in cases {
		piece := {"form": case[0], "path": "/x", "value": case[1], "flat": true}
		{fault.path | some fault in choices.faults(piece)} == {"/x" | some _ in case[2]}
		{origin.path | some origin in choices.named(piece)} == {"/x" | some _ in case[3]}
	}
}
