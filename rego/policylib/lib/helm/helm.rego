# METADATA
# title: Values of a chart
# description: What is wrong in Helm values under review.
package policylib.lib.helm

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review
import data.policylib.lib.values

faults contains fault if {
	review.id == "policylib.dev/helmvalues"
	some fault in values.in_tree("/values", read.at(review.document, "values", null))
}
