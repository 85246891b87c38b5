# METADATA
# title: Disruption budgets
# description: >-
#   What is wrong with how many pods a PodDisruptionBudget, or a catalog's word of one, lets go at once.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
package policylib.lib.budgets

import rego.v1

import data.policylib.lib.counts
import data.policylib.lib.read
import data.policylib.lib.stated

# What is wrong where a number of copies run: a set of at and why.
faults(budget, copies) := {{"at": [], "why": "has no disruption budget"}} if {
	is_null(budget)
} else := {{"at": [], "why": "has a disruption budget without minAvailable and maxUnavailable, or with both"}} if {
	count(limits(budget)) != 1
} else := {{"at": [limit], "why": why} |
	some limit, value in limits(budget)
	why := fault(limit, value, copies)
	why != ""
}

limits(budget) := {limit: value |
	some limit in ["minAvailable", "maxUnavailable"]
	value := read.at(budget, limit, null)
	not is_null(value)
}

fault(limit, value, copies) := sprintf("gives as %s neither a whole number nor a percentage", [limit]) if {
	amount(value) == -1
} else := sprintf("lets all of %s copies go at once by its %s", [counts.shown(copies), limit]) if {
	lets_all_go(limit, value, copies)
} else := sprintf("lets no copy go by its %s, so that no node could be drained", [limit]) if {
	lets_none_go(limit, value)
} else := ""

lets_all_go("minAvailable", value, _) if amount(value) == 0

lets_all_go("maxUnavailable", value, copies) if {
	counts.is_count(value)
	value >= copies
}

# A share of the copies is rounded up.
lets_all_go("maxUnavailable", value, copies) if percent(value) * copies > (copies - 1) * 100

lets_none_go("minAvailable", value) if percent(value) == 100

lets_none_go("maxUnavailable", value) if amount(value) == 0

# The number in a limit; -1 where it is none.
amount(value) := value if {
	counts.is_count(value)
} else := percent(value)

percent(value) := counts.read(trim_suffix(value, "%")) if {
	regex.match(`\A(?:100|[1-9]?[0-9])%\z`, stated.text(value))
} else := -1
