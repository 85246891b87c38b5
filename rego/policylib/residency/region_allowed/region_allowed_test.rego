package policylib.residency.region_allowed_test

import rego.v1

import data.policylib.residency.region_allowed

plan := {"residency": {"allowed_regions": {"pii": ["us-east-1"], "logs": ["us-west-2"]}}}

of(document) := {"review": {"object": document}}

deployment(labels, spec) := of({
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"labels": {concat("/", ["policylib.dev", key]): value | some key, value in labels}},
	"spec": {"template": {"spec": object.union({"containers": [{"image": "x"}]}, spec)}},
})

request(asked) := of({"apiVersion": "policylib.dev/v1", "kind": "TransferRequest", "request": asked})

test_the_plans_matrix if {
	every case in [["us-east-1", "pii"], ["us-west-2", "logs"]] {
		region_allowed.violation == set() with input as request({"region": case[0], "data_class": case[1]}) with data.settings as plan
		region_allowed.violation == set() with input as deployment({"region": case[0], "data-class": case[1]}, {}) with data.settings as plan
	}
}

test_a_violation_names_region_and_class if {
	region_allowed.violation == {{
		"msg": `data class "pii" must stay in us-east-1, not in "eu-west-1"`,
		"details": {"path": "/request/region", "region": "eu-west-1", "data_class": "pii"},
	}} with input as request({"region": "eu-west-1", "data_class": "pii"}) with data.settings as plan
	region_allowed.violation == {{
		"msg": `data class "logs" must stay in us-west-2, not in "us-east-1"`,
		"details": {"path": "/metadata/labels/policylib.dev~1region", "region": "us-east-1", "data_class": "logs"},
	}} with input as deployment({"region": "us-east-1", "data-class": "pii, logs"}, {}) with data.settings as plan
}

test_what_does_not_name_its_region_and_class if {
	every asked in [
		null, [], {}, {"regions": ["us-east-1"], "data_class": "pii"}, {"region": "us-east-1"}, {"region": ["us-east-1"], "data_class": "pii"},
	] {
		count(region_allowed.violation) > 0 with input as request(asked) with data.settings as plan
	}
	every labels in [{}, {"region": "us-east-1"}, {"data-class": "pii"}, {"service": "web"}] {
		count(region_allowed.violation) > 0 with input as deployment(labels, {}) with data.settings as plan
	}
	region_allowed.violation == {{
		"msg": "no region is said, by the label policylib.dev/region or by the service in the catalog",
		"details": {"path": "/metadata/labels/policylib.dev~1region", "region": "", "data_class": ""},
	}} with input as deployment({"data-class": "pii"}, {}) with data.settings as plan
}

test_where_it_is_placed_counts if {
	place := "/spec/template/spec/nodeSelector/topology.kubernetes.io~1zone"
	region_allowed.violation == {
		{
			"msg": `data class "pii" must stay in us-east-1, not in "us-west-2b"`,
			"details": {"path": place, "region": "us-west-2b", "data_class": "pii"},
		},
		{
			"msg": `the workload is placed in "us-west-2b" and said to be in us-east-1`,
			"details": {"path": place, "region": "us-west-2b", "data_class": ""},
		},
	} with input as deployment({"region": "us-east-1", "data-class": "pii"}, {"nodeSelector": {"topology.kubernetes.io/zone": "us-west-2b"}})
		with data.settings as plan
}

test_values_that_are_no_text_are_not_shown if {
	region_allowed.violation == {{
		"msg": "the data class is a number, not text",
		"details": {"path": "/request/region", "region": "", "data_class": ""},
	}} with input as request({"region": null, "data_class": 5}) with data.settings as plan
}

test_stray_keys if {
	stray := {
		"msg": `a transfer has no key "replicas", and it may hide a location`,
		"details": {"path": "/request/replicas"},
	}
	asked := {"region": "us-east-1", "data_class": "pii", "replicas": []}
	region_allowed.violation == {stray} with input as request(asked) with data.settings as plan
}

test_of_what_moves_another_rule_speaks if {
	every part in [{"replicas": []}, {"from": {"region": "mars"}}] {
		moving := object.union({"kind": "TransferRequest", "from": {"region": "x"}, "to": {"region": "y"}, "data_class": "z"}, part)
		region_allowed.violation == set() with input as of(moving) with data.settings as plan
	}
	count(region_allowed.violation) == 1 with input as of({
		"kind": "TransferRequest",
		"region": "eu-west-1",
		"from": {"region": "us-east-1"},
		"to": {"region": "us-east-1"},
		"data_class": "pii",
	})
		with data.settings as plan
}

test_what_neither_runs_nor_moves if {
	every document in [
		null, "x", {}, {"apiVersion": "v1", "kind": "ConfigMap"}, {"apiVersion": "policylib.dev/v1", "kind": "ServiceCatalog"},
	] {
		region_allowed.violation == set() with input as of(document) with data.settings as plan
	}
}

test_a_caller_cannot_exempt_himself if {
	given := deployment({"region": "eu-west-1", "data-class": "pii"}, {})
	request := object.union(given, {"parameters": {"residency": {"allowed_regions": {"pii": ["eu-west-1"]}}}, "exempt": true})
	count(region_allowed.violation) == 1 with input as request with data.settings as plan
	count(region_allowed.violation) == 1 with input as given
}
