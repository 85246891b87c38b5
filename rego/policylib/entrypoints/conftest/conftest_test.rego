package policylib.entrypoints.conftest_test

import rego.v1

import data.main

pod := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "nginx"}]}}

dev(level) := of({"digest": level})

of(levels) := {"environment": "dev", "enforcement": {"dev": levels}}

test_a_document_is_denied if {
	{v.msg | some v in main.deny} == {`image "nginx" has no digest`} with input as pod
	{v.rule | some v in main.deny} == {"digest.image_pinned"} with input as pod
	main.warn == set() with input as pod
}

test_enforcement if {
	count(main.warn) == 1 with input as pod with data.settings as dev("warn")
	count(main.warn) == 1 with input as pod with data.settings as {"entering": ["digest.image_pinned"]}
	main.deny == set() with input as pod with data.settings as dev("warn")
	main.warn == set() with input as pod with data.settings as of({"tier": "warn"})
	main.warn | main.deny == set() with input as pod with data.settings as dev("log")
}

test_a_message_leaves_out_what_follows_from_it if {
	every v in main.deny {
		object.keys(v) == {"msg", "rule", "path", "details", "resource"}
	} with input as pod
	{key | some v in main.warn; some key in object.keys(v)} == {"msg", "rule", "path", "details", "resource"}
		with input as pod
		with data.settings as dev("warn")
}

test_bare_values_are_judged if {
	{v.path | some v in main.deny} == {"/values/image"} with input as {"image": "nginx"}
}

test_a_review_is_not_unwrapped if {
	main.deny == set() with input as {"review": {"object": {"kind": "Service"}}}
	count(main.deny) == 1 with input as object.union(pod, {"review": {"object": {"kind": "Service"}}})
}

test_no_document_is_denied if count(main.deny) == 1 with input as null
