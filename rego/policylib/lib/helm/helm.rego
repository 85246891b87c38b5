# METADATA
# title: Values of a chart
# description: What is wrong in Helm values under review.
package policylib.lib.helm

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.values

faults contains fault if {
	group_kind == "policylib.dev/helmvalues"
	some fault in values.in_tree("/values", read.at(document, "values", null))
}
