package policylib.entrypoints.residency_test

import rego.v1

import data.residency

# The plan's matrix, as lists.
plan := {"residency": {"allowed_regions": {"pii": ["us-east-1"], "logs": ["us-west-2"]}}}

asked(region, class) := {"request": {"region": region, "data_class": class}}

test_the_matrix if {
	every case in [["us-east-1", "pii"], ["us-west-2", "logs"], ["us-east-1a", ["pii"]]] {
		residency.deny == set() with input as asked(case[0], case[1]) with data.settings as plan
		residency.allow with input as asked(case[0], case[1]) with data.settings as plan
	}
}

test_other_regions_and_classes if {
	every case in [
		["us-west-2", "pii"], ["us-east-1", "logs"], ["us-east-1", "PII"], ["us-east-1", null], [null, "pii"], ["us-east-1", []],
		["us-east-1", ["pii", "logs"]], ["EU", "pii"],
	] {
		count(residency.deny) > 0 with input as asked(case[0], case[1]) with data.settings as plan
		residency.allow == false with input as asked(case[0], case[1]) with data.settings as plan
	}
}

test_a_message if {
	residency.deny == {`data class "pii" must stay in us-east-1, not in "eu-west-1"`} with input as asked("eu-west-1", "pii")
		with data.settings as plan
}

test_no_request if {
	every odd in [
		null, [], "request", 5, {}, {"request": null}, {"request": []}, {"request": "pii"}, {"request": {}},
		{"region": "us-east-1", "data_class": "pii"},
	] {
		count(residency.deny) > 0 with input as odd with data.settings as plan
		residency.allow == false with input as odd with data.settings as plan
	}
}

test_what_stands_beside_the_request_counts if {
	every beside in [
		{"replicas": ["eu-west-1"]}, {"region": "eu-west-1", "data_class": "pii"}, {"from": {"region": "us-east-1"}},
		{"kind": "Pod", "data_class": "logs"}, {"metadata": {"labels": {"policylib.dev/region": "eu-west-1"}}},
	] {
		request := object.union(asked("us-east-1", "pii"), beside)
		count(residency.deny) > 0 with input as request with data.settings as plan
	}
	residency.allow with input as object.union(asked("us-east-1", "pii"), {"kind": "Pod"}) with data.settings as plan
}

test_whatever_it_calls_itself_a_request_is_judged_as_one if {
	pod := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "x"}]}}
	residency.deny == {`a transfer has no key "spec", and it may hide a location`}
		with input as object.union(asked("us-east-1", "pii"), pod)
		with data.settings as plan
}

test_without_settings_nothing_is_allowed if {
	residency.deny == {"residency is not configured"} with input as asked("us-east-1", "pii")
	not residency.allow with input as asked("us-east-1", "pii")
	not residency.allow with input as {}
}

test_enforcement if {
	lenient := object.union(plan, {"environment": "dev", "enforcement": {"dev": {"residency": "log"}}})
	residency.allow with input as asked("eu-west-1", "pii") with data.settings as lenient
}
