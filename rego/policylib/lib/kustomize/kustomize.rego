# METADATA
# title: Kustomize
# description: What is wrong in the image overrides and inline chart values of a kustomization.
package policylib.lib.kustomize

import rego.v1

import data.policylib.lib.overrides
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.values

faults contains fault if {
	api_group == "kustomize.config.k8s.io"
	some fault in overrides.faults("/images", read.at(document, "images", null))
}

faults contains fault if {
	api_group == "kustomize.config.k8s.io"
	some i, chart in read.list(document, "helmCharts")
	base := pointer.join("", ["helmCharts", i, "valuesInline"])
	some fault in values.in_tree(base, read.at(chart, "valuesInline", null))
}
