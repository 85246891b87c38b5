# METADATA
# title: Values of a chart
# description: Helm values under review, and what may be values under another name.
package policylib.lib.helm

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind

# Documents that say no kind may be taken for these by whoever hands them over, though they are values.
envelope := ["apiVersion", "kind", "metadata"]

# What terraform show -json writes.
written := {
	"action_invocations", "applyable", "checks", "complete", "configuration", "deferred_changes",
	"errored", "format_version", "output_changes", "planned_values", "prior_state",
	"proposed_unknown", "provider_format_version", "relevant_attributes", "resource_changes",
	"resource_drift", "terraform_version", "timestamp", "values", "variables",
}

pieces contains {"form": "values", "path": "/values", "value": read.at(document, "values", null), "flat": false} if {
	group_kind == "policylib.dev/helmvalues"
}

pieces contains {"form": "values", "path": "", "value": object.remove(document, envelope), "flat": false} if {
	group_kind in {"policylib.dev/servicecatalog", "policylib.dev/transferrequest"}
}

pieces contains {"form": "values", "path": "", "value": beside, "flat": false} if {
	group_kind == "policylib.dev/terraformplan"
	beside := object.remove(object.remove(document, envelope), written)
}
