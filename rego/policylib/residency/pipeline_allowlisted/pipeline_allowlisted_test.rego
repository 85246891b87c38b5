package policylib.residency.pipeline_allowlisted_test

import rego.v1

import data.policylib.residency.pipeline_allowlisted

# 2026-03-02T12:00:00Z
now := 1772452800000000000

given := {"residency": {"pipelines": [{
	"name": "warehouse", "data_class": "pii", "from": "eu-west-1", "to": "us-east-1", "dpia": "DPIA-7", "owner": "data",
	"expires": "2026-03-31",
}]}}

transfer(target, more) := {"review": {"object": object.union(
	{
		"apiVersion": "policylib.dev/v1",
		"kind": "TransferRequest",
		"from": {"region": "eu-west-1"},
		"to": {"region": target},
		"data_class": "pii",
	},
	more,
)}}

test_allow_listed if {
	every case in [
		["us-east-1", {"pipeline": "warehouse"}], ["eu-west-1a", {"pipeline": "other"}], ["us-west-2", {}], ["us-west-2", {"pipeline": null}],
	] {
		pipeline_allowlisted.violation == set() with input as transfer(case[0], case[1]) with data.settings as given with time.now_ns as now
	}
}

test_a_pipeline_under_request if {
	request := {"from": {"region": "eu-west-1"}, "to": {"region": "us-east-1"}, "data_class": "pii", "pipeline": "other"}
	document := {"apiVersion": "policylib.dev/v1", "kind": "TransferRequest", "request": request}
	{v.details.path | some v in pipeline_allowlisted.violation} == {"/request/pipeline"}
		with input as {"review": {"object": document}}
		with data.settings as given
}

test_a_violation_names_pipeline_and_class if {
	pipeline_allowlisted.violation == {{
		"msg": `no pipeline is allow-listed as "other"`,
		"details": {"path": "/pipeline", "pipeline": "other", "data_class": "pii"},
	}} with input as transfer("us-east-1", {"pipeline": "other"}) with data.settings as given with time.now_ns as now
	pipeline_allowlisted.violation == {{
		"msg": "the pipeline is a number, not text",
		"details": {"path": "/pipeline", "pipeline": "", "data_class": "pii"},
	}} with input as transfer("us-east-1", {"pipeline": 5}) with data.settings as given with time.now_ns as now
	{v.details.data_class | some v in pipeline_allowlisted.violation} == {""} with input as transfer("us-east-1", {
		"pipeline": "warehouse",
		"data_class": 5,
	})
		with data.settings as given
		with time.now_ns as now
}

test_it_ends if {
	later := now + (((40 * 24) * 3600) * 1000000000)
	{v.msg | some v in pipeline_allowlisted.violation} == {`what allow-lists pipeline "warehouse" has expired, or names no date`}
		with input as transfer("us-east-1", {"pipeline": "warehouse"})
		with data.settings as given
		with time.now_ns as later
}

test_a_caller_cannot_exempt_himself if {
	request := object.union(transfer("us-east-1", {"pipeline": "warehouse"}), {"parameters": given})
	count(pipeline_allowlisted.violation) == 1 with input as request with time.now_ns as now
}
