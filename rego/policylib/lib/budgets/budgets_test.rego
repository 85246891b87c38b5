package policylib.lib.budgets_test

import rego.v1

import data.policylib.lib.budgets

test_budgets if {
	every budget in [
		{"minAvailable": 1}, {"minAvailable": 2}, {"minAvailable": 5}, {"minAvailable": "1%"}, {"minAvailable": "50%"},
		{"minAvailable": "99%"}, {"maxUnavailable": 1}, {"maxUnavailable": 2}, {"maxUnavailable": "1%"},
		{"maxUnavailable": "66%"}, {"maxUnavailable": 1, "minAvailable": null}, {"maxUnavailable": 1, "selector": {}},
	] {
		budgets.faults(budget, 3) == set()
	}
}

test_neither_or_both if {
	budgets.faults(null, 3) == {{"at": [], "why": "has no disruption budget"}}
	every budget in [true, "x", 1, [], {}, {"minAvailable": null}, {"minAvailable": 1, "maxUnavailable": 1}, {"MinAvailable": 1}] {
		budgets.faults(budget, 3) == {{"at": [], "why": "has a disruption budget without minAvailable and maxUnavailable, or with both"}}
	}
}

test_odd_limits if {
	why := "gives as minAvailable neither a whole number nor a percentage"
	every value in ["", "1", "one", "101%", "050%", "-1%", "50 %", "50%\n", "5.5%", "%", -1, 1.5, true, [], {}, ["1%"], "100%%"] {
		budgets.faults({"minAvailable": value}, 3) == {{"at": ["minAvailable"], "why": why}}
	}
}

test_all_go if {
	every value in [0, "0%"] {
		why_of({"minAvailable": value}) == "lets all of 3 copies go at once by its minAvailable"
	}
	every value in [3, 4, 100, "67%", "99%", "100%"] {
		why_of({"maxUnavailable": value}) == "lets all of 3 copies go at once by its maxUnavailable"
	}
	budgets.faults({"maxUnavailable": "50%"}, 2) == set()
	count(budgets.faults({"maxUnavailable": "51%"}, 2)) == 1
}

test_none_goes if {
	every value in [0, 0.0, "0%"] {
		why_of({"maxUnavailable": value}) == "lets no copy go by its maxUnavailable, so that no node could be drained"
	}
	why_of({"minAvailable": "100%"}) == "lets no copy go by its minAvailable, so that no node could be drained"
}

# The one thing that is wrong in a budget's one limit.
why_of(budget) := fault.why if {
	some limit in object.keys(budget)
	some fault in budgets.faults(budget, 3)
	fault.at == [limit]
}
