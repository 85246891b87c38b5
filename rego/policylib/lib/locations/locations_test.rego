package policylib.lib.locations_test

import rego.v1

import data.policylib.lib.locations

pod(labels, spec) := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"labels": {concat("/", ["policylib.dev", key]): value | some key, value in labels}},
	"spec": object.union({"containers": [{"image": "x"}]}, spec),
}}}

values(statements) := {one.value | some one in statements}

region := "topology.kubernetes.io/region"

avoiding(value) := {"affinity": {"nodeAffinity": {"required": [{"key": region, "operator": "NotIn", "values": [value]}]}}}

test_a_workload if {
	given := pod({"region": "us-east-1", "data-class": "pii", "tenant": "acme"}, {"nodeSelector": {region: "eu-west-1"}})
	locations.named == {
		{"path": "/metadata/labels/policylib.dev~1region", "value": "us-east-1", "end": "region", "body": ""},
		{"path": "/spec/nodeSelector/topology.kubernetes.io~1region", "value": "eu-west-1", "end": "region", "body": ""},
	} with input as given
	values(locations.classes) == {"pii"} with input as given
	values(locations.tenants) == {"acme"} with input as given
}

test_a_transfer if {
	given := {"review": {"object": {
		"kind": "TransferRequest",
		"metadata": {"labels": {"policylib.dev/region": "eu-west-1"}},
		"from": {"region": "us-east-1"},
		"to": {"region": "us-east-2"},
		"data_class": "pii",
		"tenant": "acme",
	}}}
	{one.end: [one.value, one.body] | some one in locations.named} == {
		"region": ["eu-west-1", ""],
		"from": ["us-east-1", ""],
		"to": ["us-east-2", ""],
	} with input as given
	values(locations.classes) == {"pii"} with input as given
	values(locations.tenants) == {"acme"} with input as given
}

test_each_location_with_each_class if {
	given := pod({"region": "us-east-1,us-east-2", "data-class": "pii,logs"}, {})
	count(locations.asked) == 4 with input as given
	{
		"path": "/metadata/labels/policylib.dev~1region",
		"region": "us-east-2",
		"end": "region",
		"body": "",
		"data_class": "logs",
	} in locations.asked with input as given
}

test_what_neither_runs_nor_transfers if {
	labels := {"policylib.dev/region": "us-east-1", "policylib.dev/data-class": "pii", "policylib.dev/tenant": "acme", region: "eu-west-1"}
	given := {"review": {"object": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": labels}}}}
	locations.named | (locations.classes | locations.tenants) == set() with input as given
	locations.contradictions == set() with input as given
}

test_placed_elsewhere if {
	locations.contradictions == {{
		"path": "/spec/nodeSelector/topology.kubernetes.io~1region",
		"msg": `the workload is placed in "eu-west-1" and said to be in us-east-1`,
		"region": "eu-west-1",
		"data_class": "",
	}} with input as pod({"region": "us-east-1"}, {"nodeSelector": {region: "eu-west-1"}})
	every case in [
		["us-east-1", "us-east-1"],
		["us-east-1,eu-west-1", "eu-west-1"],
		["EU", "europe-west1"],
		[null, "eu-west-1"],
	] {
		locations.contradictions == set() with input as pod({"region": case[0]}, {"nodeSelector": {region: case[1]}})
	}
}

test_kept_out if {
	locations.contradictions == {{
		"path": "/spec/affinity/nodeAffinity/required/0",
		"msg": `the workload is kept out of "us-east-1" and said to be in it`,
		"region": "us-east-1",
		"data_class": "",
	}} with input as pod({"region": "eu-west-1,us-east-1a"}, avoiding("us-east-1"))
	locations.contradictions == set() with input as pod({"region": "us-east-1"}, avoiding("eu-west-1"))
}

test_what_does_not_run_contradicts_nothing if {
	every spec in [{"nodeSelector": {region: "eu-west-1"}}, avoiding("us-east-1")] {
		locations.contradictions == set() with input as {"review": {"object": {
			"apiVersion": "example.com/v1",
			"kind": "Thing",
			"metadata": {"labels": {"policylib.dev/region": "us-east-1"}},
			"spec": spec,
		}}}
	}
}
