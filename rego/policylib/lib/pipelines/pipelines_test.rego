package policylib.lib.pipelines_test

import rego.v1

import data.policylib.lib.pipelines

# 2026-03-02T12:00:00Z
now := 1772452800000000000

entry := {
	"name": "warehouse",
	"data_class": "pii",
	"from": "eu-west-1",
	"to": "us-east-1",
	"dpia": "DPIA-7",
	"owner": "data-platform",
	"expires": "2026-03-31",
}

transfer(source, target, pipeline) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "TransferRequest",
	"from": {"region": source},
	"to": {"region": target},
	"data_class": "pii",
	"pipeline": pipeline,
}}}

usual := transfer("eu-west-1", "us-east-1", "warehouse")

reasons contains one.reason if some one in pipelines.refused

excused contains [verdict.body, verdict.data_class] if {
	some verdict in pipelines.verdicts
	verdict.reason == ""
}

settings(entries) := {"residency": {"pipelines": entries}}

of(changes) := [object.union(entry, changes)]

test_allow_listed if {
	every entries in [
		of({}), of({"from": "EU (Ireland)"}), of({"to": "us-east-1a"}), of({"expires": "2026-03-02T12:00:01Z"}),
		[null, "x", object.union(entry, {"expires": "2020-01-01"}), entry],
	] {
		reasons == set() with input as usual with data.settings as settings(entries) with time.now_ns as now
		excused == {["", "pii"]} with input as usual
			with data.settings as {"residency": {"pipelines": entries}}
			with time.now_ns as now
	}
	reasons == set()
		with input as transfer("eu-west-1b", "us-east-1", "warehouse")
		with data.settings as settings(of({}))
		with time.now_ns as now
}

test_refused if {
	other := `pipeline "warehouse" is not allow-listed for data class "pii" from "eu-west-1" to "us-east-1"`
	unanswered := `what allow-lists pipeline "warehouse" lacks a DPIA or an owner`
	expired := `what allow-lists pipeline "warehouse" has expired, or names no date`
	every case in [
		[of({"name": "Warehouse"}), `no pipeline is allow-listed as "warehouse"`],
		[of({"name": "warehouse "}), `no pipeline is allow-listed as "warehouse"`],
		[of({"name": null}), `no pipeline is allow-listed as "warehouse"`],
		[[], `no pipeline is allow-listed as "warehouse"`],
		[entry, `no pipeline is allow-listed as "warehouse"`],
		[null, `no pipeline is allow-listed as "warehouse"`],
		[of({"data_class": "logs"}), other],
		[of({"data_class": ["pii"]}), other],
		[of({"data_class": "PII"}), other],
		[of({"data_class": null}), other],
		[of({"from": "us-east-1", "to": "eu-west-1"}), other],
		[of({"from": "eu-west-2"}), other],
		[of({"to": "us-east-2"}), other],
		[of({"to": "mars"}), other],
		[of({"from": null}), other],
		[of({"dpia": ""}), unanswered],
		[of({"dpia": "TBD"}), unanswered],
		[of({"dpia": true}), unanswered],
		[of({"owner": " "}), unanswered],
		[of({"owner": null}), unanswered],
		[of({"expires": "2026-03-01"}), expired],
		[of({"expires": "never"}), expired],
		[of({"expires": null}), expired],
		[of({"expires": "2026-03-02T12:00:00Z"}), expired],
	] {
		reasons == {case[1]} with input as usual with data.settings as settings(case[0]) with time.now_ns as now
		excused == set() with input as usual
			with data.settings as {"residency": {"pipelines": case[0]}}
			with time.now_ns as now
	}
}

test_a_pipeline_is_text if {
	every case in [[5, "a number, not text"], [["warehouse"], "an array, not text"], [null, "missing"]] {
		reasons == {concat(" ", ["the pipeline is", case[1]])}
			with input as transfer("eu-west-1", "us-east-1", case[0])
			with data.settings as settings(of({}))
			with time.now_ns as now
	}
	reasons == {`no pipeline is allow-listed as ""`}
		with input as transfer("eu-west-1", "us-east-1", "")
		with data.settings as settings(of({"name": ""}))
		with time.now_ns as now
}

test_every_class_counts if {
	given := json.patch(usual, [{"op": "replace", "path": "/review/object/data_class", "value": ["pii", "logs"]}])
	reasons == {`pipeline "warehouse" is not allow-listed for data class "logs" from "eu-west-1" to "us-east-1"`}
		with input as given
		with data.settings as settings(of({}))
		with time.now_ns as now
	reasons == set()
		with input as given
		with data.settings as settings([entry, object.union(entry, {"data_class": "logs"})])
		with time.now_ns as now
}

test_within_a_region_nothing_crosses if {
	every target in ["eu-west-1", "EU (Ireland)", "eu-west-1c"] {
		reasons == set() with input as transfer("eu-west-1", target, "other") with data.settings as settings([]) with time.now_ns as now
	}
	every target in ["mars", null, "eu", "eu-west-2"] {
		count(reasons) == 1 with input as transfer("eu-west-1", target, "other") with data.settings as settings([])
	}
}

test_what_is_excused if {
	given := {"residency": {"pipelines": [entry]}}
	target := {"body": "", "end": "to", "data_class": "pii"}
	pipelines.is_excused(target) with input as usual with data.settings as given with time.now_ns as now
	every changes in [{"body": "/request"}, {"end": "from"}, {"data_class": "logs"}] {
		not pipelines.is_excused(object.union(target, changes)) with input as usual with data.settings as given with time.now_ns as now
	}
	not pipelines.is_excused(target) with input as usual with data.settings as settings([]) with time.now_ns as now
}

test_each_part_crosses_by_itself if {
	document := {"kind": "TransferRequest", "request": usual.review.object, "region": "eu-west-1"}
	inner := object.remove(usual.review.object, ["apiVersion", "kind"])
	given := {"review": {"object": object.union(document, {"request": inner, "from": {"region": "us-east-1"}, "to": {"region": "us-east-1"}})}}
	{one.body | some one in pipelines.refused} == {"/request"} with input as given
}
