# METADATA
# title: Kustomize
# description: What is wrong in whatever a kustomization puts in the place of images.
package policylib.lib.kustomize

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.overrides
import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.replacements
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.transformers
import data.policylib.lib.values

# A kustomization may leave out what it is.
kinds := {
	"/component", "/imagetagtransformer", "/kustomization", "kustomize.config.k8s.io/",
	"kustomize.config.k8s.io/component", "kustomize.config.k8s.io/kustomization",
}

# Every key, in lower case: Kustomize reads them in any.
fields := [{"name": lower(key), "base": pointer.child("", key), "value": value} |
	group_kind in kinds
	some key, value in document
]

faults contains fault if {
	group_kind in kinds
	some fault in fold.faults("", document)
}

faults contains fault if {
	some field in fields
	field.name in {"images", "imagetags"}
	some fault in overrides.faults(field.base, field.value)
}

faults contains fault if {
	some field in fields
	field.name == "imagetag"
	some fault in overrides.item_faults(field.base, field.value)
}

faults contains fault if {
	some field in fields
	field.name == "helmcharts"
	is_array(field.value)
	some i, chart in field.value
	some inline in fold.at(chart, "valuesInline")
	some fault in values.in_override(pointer.join(field.base, [i, "valuesInline"]), inline)
}

faults contains fault if {
	some field in fields
	patches.is_place(field.name)
	some fault in patches.in_list(field.base, field.value)
}

faults contains fault if {
	some field in fields
	field.name in {"generators", "transformers"}
	some fault in transformers.faults(field.base, field.value)
}

faults contains fault if {
	some field in fields
	field.name == "replacements"
	some fault in replacements.faults(field.base, field.value)
}
