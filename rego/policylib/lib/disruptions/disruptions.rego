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
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.service.tier
import data.policylib.lib.tiers

# A set of at and why. What names no service is held to the strictest tier.
faults contains fault if {
	group_kind == "policy/poddisruptionbudget"
	spec := read.at(document, "spec", null)
	some fault in (demanded(tier, ["spec"], spec) | of_selector(tier, spec))
}

# What is wrong with a budget where a tier demands one. The tier's fewest copies are all that is known
# to run, and what runs once can only be let go or hold up every node.
demanded(held, at, budget) := tiers.faults(held, "disruption_budget") | {fault |
	is_demanded(held)
	copies := max([2, counts.number(tiers.demand(held, "replicas"))])
	some one in budgets.faults(budget, copies)
	fault := {"at": array.concat(at, one.at), "why": one.why}
}

is_demanded(held) if tiers.demand(held, "disruption_budget") != false

of_selector(held, spec) := {{"at": ["spec", "selector"], "why": "selects no pods, or all of its namespace"} |
	is_demanded(held)
	not is_selective(read.object_at(spec, "selector"))
}

is_selective(selector) if count(read.object_at(selector, "matchLabels")) > 0

is_selective(selector) if count(read.list(selector, "matchExpressions")) > 0
