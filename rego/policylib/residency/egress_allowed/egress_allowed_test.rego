package policylib.residency.egress_allowed_test

import rego.v1

import data.policylib.residency.egress_allowed

# 2026-03-02T12:00:00Z
now := 1772452800000000000

given := {"residency": {
	"allowed_regions": {"pii": ["us-east-1", "eu-west-1"], "logs": ["us-east-1"]},
	"pipelines": [{
		"name": "warehouse", "data_class": "pii", "from": "eu-west-1", "to": "us-west-2", "dpia": "DPIA-7", "owner": "data",
		"expires": "2026-03-31",
	}],
}}

transfer(source, target, more) := {"review": {"object": object.union(
	{
		"apiVersion": "policylib.dev/v1",
		"kind": "TransferRequest",
		"from": {"region": source},
		"to": {"region": target},
		"data_class": "pii",
	},
	more,
)}}

event(more) := transfer("us-east-1", "eu-west-1", object.union({"kind": "EgressEvent"}, more))

told := {"time": "2026-03-02T11:00:00Z", "workload": "web", "destination": "partner.example.com", "bytes": 0}

messages contains v.msg if some v in egress_allowed.violation

test_both_ends_are_permitted if {
	egress_allowed.violation == set() with input as transfer("us-east-1", "eu-west-1b", {"purpose": "billing"}) with data.settings as given
	egress_allowed.violation == set() with input as event(told) with data.settings as given
}

test_a_violation_names_region_and_class if {
	egress_allowed.violation == {{
		"msg": `data class "pii" must stay in us-east-1, eu-west-1, not in "us-west-2"`,
		"details": {"path": "/to/region", "region": "us-west-2", "data_class": "pii"},
	}} with input as transfer("us-east-1", "us-west-2", {}) with data.settings as given
	egress_allowed.violation == {{
		"msg": "the location is missing",
		"details": {"path": "/to/region", "region": "", "data_class": "pii"},
	}} with input as transfer("us-east-1", null, {}) with data.settings as given
	{v.details.data_class | some v in egress_allowed.violation} == {""} with input as transfer("us-east-1", "eu-west-1", {"data_class": 5})
		with data.settings as given
}

test_from_counts_as_much_as_to if {
	{v.details.path | some v in egress_allowed.violation} == {"/from/region"} with input as transfer("us-west-2", "us-east-1", {})
		with data.settings as given
}

test_every_class_counts if {
	messages == {`data class "logs" must stay in us-east-1, not in "eu-west-1"`}
		with input as transfer("us-east-1", "eu-west-1", {"data_class": [
			"pii",
			"logs",
		]})
		with data.settings as given
}

test_a_pipeline_may_carry_what_else_may_not_go if {
	carried := transfer("eu-west-1", "us-west-2", {"pipeline": "warehouse"})
	egress_allowed.violation == set() with input as carried with data.settings as given with time.now_ns as now
	later := now + (((40 * 24) * 3600) * 1000000000)
	count(egress_allowed.violation) == 1 with input as carried with data.settings as given with time.now_ns as later
	count(egress_allowed.violation) == 1
		with input as transfer("eu-west-1", "us-west-2", {})
		with data.settings as given
		with time.now_ns as now
}

test_of_where_data_stays_another_rule_speaks if {
	staying := {"review": {"object": {"kind": "TransferRequest", "request": {"region": "mars", "replicas": []}}}}
	egress_allowed.violation == set() with input as staying with data.settings as given
}

test_stray_keys if {
	egress_allowed.violation == {{
		"msg": `a transfer has no key "replicas", and it may hide a location`,
		"details": {"path": "/replicas"},
	}} with input as transfer("us-east-1", "eu-west-1", {"replicas": ["us-west-2"]}) with data.settings as given
}

test_the_destination_counts if {
	egress_allowed.violation == {{
		"msg": `destination "s3.us-west-2.amazonaws.com" lies in us-west-2, not in "eu-west-1"`,
		"details": {"path": "/destination"},
	}} with input as event(object.union(told, {"destination": "s3.us-west-2.amazonaws.com"})) with data.settings as given
}

test_an_event_says_all if {
	every key in ["bytes", "destination", "time", "workload"] {
		every odd in [null, "", " "] {
			egress_allowed.violation == {{
				"msg": sprintf("an event of egress says its %s", [key]),
				"details": {"path": concat("/", ["", key])},
			}} with input as event(object.union(told, {key: odd})) with data.settings as given
		}
	}
	count(egress_allowed.violation) == 4 with input as event({}) with data.settings as given
}

test_other_kinds if {
	every document in [null, {}, {"kind": "Pod", "from": {}, "replicas": []}] {
		egress_allowed.violation == set() with input as {"review": {"object": document}} with data.settings as given
	}
}

test_a_caller_cannot_exempt_himself if {
	parameters := {"residency": {"allowed_regions": {"pii": ["us-west-2", "us-east-1"]}}}
	request := object.union(transfer("us-east-1", "us-west-2", {}), {"parameters": parameters})
	count(egress_allowed.violation) == 1 with input as request with data.settings as given
	count(egress_allowed.violation) == 2 with input as request
}
