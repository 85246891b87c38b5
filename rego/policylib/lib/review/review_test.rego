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

test_what_the_kind_tells if {
	every case in [
		["apps/v1", "Deployment", "workload"],
		["apps", "DEPLOYMENT", "workload"],
		["policy/v1", "Pod", "workload"],
		["v1", "ConfigMap", "inert"],
		["kyverno.io/v1", "ClusterPolicy", "inert"],
		["policy/v1", "", "undeclared"],
		["example.com/v1", "Deployment", "undeclared"],
	] {
		review.class == case[2] with input as of({"apiVersion": case[0], "kind": case[1]})
	}
}

test_where_the_pod_spec_stands if {
	review.pod_specs == {"/spec"} with input as of({"apiVersion": "v1", "kind": "Pod"})
}

test_a_resource_has_four_names if {
	names := {"namespace": "shop", "name": "web"}
	kind := {"apiVersion": "apps/v1", "kind": "Deployment"}
	document := object.union(kind, {"metadata": names})
	review.resource == object.union(kind, names) with input as {"review": {"object": document}}
	every document in [null, {}, {"apiVersion": 1, "kind": 2, "metadata": {"name": 3, "namespace": []}}, {"metadata": "x"}] {
		review.resource == {"apiVersion": "", "kind": "", "namespace": "", "name": ""} with input as {"review": {"object": document}}
	}
}
