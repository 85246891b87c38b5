# METADATA
# title: Disruptions
# description: >-
#   What is wrong with the disruption budgets that a tier demands: with the PodDisruptionBudget under
#   review, and with a catalog's word of one.
package policylib.lib.disruptions

import rego.v1

import data.policylib.lib.budgets
import data.policylib.lib.counts
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.kind
import data.policylib.lib.service.tier
import data.policylib.lib.tiers

# A set of at and why. What names no service is held to the strictest tier.
faults contains fault if {
	kind == "poddisruptionbudget"
	not contains(api_group, ".")
	spec := read.at(document, "spec", null)
	asked := terms(tier)
	some fault in (demanded(asked, ["spec"], spec) | of_selector(asked, spec))
}

# What a tier demands of a budget: what is malformed in that, and the copies against which a budget is
# held, 0 where none is demanded.
terms(held) := {"faults": tiers.faults(held, "disruption_budget"), "copies": copies(held)}

# The tier's fewest copies are all that is known to run, and what runs once can only be let go or hold up
# every node.
copies(held) := max([2, counts.number(tiers.demand(held, "replicas"))]) if {
	tiers.demand(held, "disruption_budget") != false
} else := 0

# What is wrong with a budget on these terms.
demanded(asked, at, budget) := asked.faults | {fault |
	asked.copies > 0
	some one in budgets.faults(budget, asked.copies)
	fault := {"at": array.concat(at, one.at), "why": one.why}
}

of_selector(asked, spec) := {{"at": ["spec", "selector"], "why": "selects no pods, or all of its namespace"} |
	asked.copies > 0
	not is_selective(read.object_at(spec, "selector"))
}

is_selective(selector) if count(read.object_at(selector, "matchLabels")) > 0

is_selective(selector) if count(read.list(selector, "matchExpressions")) > 0
