# METADATA
# title: Kustomize
# description: What is wrong in the image overrides and inline chart values of a kustomization.
package policylib.lib.kustomize

import rego.v1

import data.policylib.lib.overrides
import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.values

# A kustomization may leave out what it is.
kinds := {
	"/component", "/kustomization", "kustomize.config.k8s.io/",
	"kustomize.config.k8s.io/component", "kustomize.config.k8s.io/kustomization",
}

faults contains fault if {
	group_kind in kinds
	some fault in overrides.faults("/images", read.at(document, "images", null))
}

faults contains fault if {
	group_kind in kinds
	some i, chart in read.list(document, "helmCharts")
	base := pointer.join("", ["helmCharts", i, "valuesInline"])
	some fault in values.in_tree(base, read.at(chart, "valuesInline", null))
}

faults contains fault if {
	group_kind in kinds
	some fault in patches.faults("", document)
}
