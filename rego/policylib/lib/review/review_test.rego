package policylib.lib.review_test

import rego.v1

import data.policylib.lib.review

of(document) := {"review": {"object": document}}

test_group_and_kind if {
	every document, expected in {
		{"apiVersion": "apps/v1", "kind": "Deployment"}: "apps/deployment",
		{"apiVersion": "v1", "kind": "POD"}: "/pod",
		{"apiVersion": "Apps/v1"}: "apps/",
		{"kind": "Pod"}: "/pod",
	} {
		review.group_kind == expected with input as of(document)
	}
}

test_strange_documents_have_neither if {
	every document in [null, "text", 1, [], {}, {"apiVersion": 1, "kind": ["Pod"]}, {"apiVersion": null, "kind": null}] {
		review.group_kind == "/" with input as of(document)
	}
}

test_absent_documents_are_null if {
	every x in [null, {}, "text", {"review": null}, {"review": {}}] {
		is_null(review.document) with input as x
	}
}
