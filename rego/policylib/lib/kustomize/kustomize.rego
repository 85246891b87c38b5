# METADATA
# title: Kustomize
# description: The pieces of a kustomization that put something in the place of images.
package policylib.lib.kustomize

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.replacements
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.transformers

# A kustomization may leave out what it is.
kinds := {
	"/component", "/helmchartinflationgenerator", "/imagetagtransformer", "/kustomization",
	"/patchjson6902transformer", "/patchstrategicmergetransformer", "/patchtransformer",
	"/replacementtransformer", "kustomize.config.k8s.io/", "kustomize.config.k8s.io/component",
	"kustomize.config.k8s.io/kustomization",
}

# Every key, in lower case: Kustomize reads them in any.
fields := [{"name": fold.lowered(key), "base": pointer.child("", key), "value": value} |
	group_kind in kinds
	some key, value in document
]

# The forms of its fields.
forms := {"images": "images", "imagetags": "images", "imagetag": "image", "valuesinline": "override"}

pieces contains {"form": form, "path": field.base, "value": field.value, "flat": false} if {
	some field in fields
	form := forms[field.name]
}

pieces contains patches.gap("", "holds keys that differ in case alone") if {
	group_kind in kinds
	fold.is_ambiguous(document)
}

pieces contains {"form": "override", "path": path, "value": inline, "flat": false} if {
	some field in fields
	field.name == "helmcharts"
	is_array(field.value)
	some i, chart in field.value
	some inline in fold.at(chart, "valuesInline")
	path := pointer.join(field.base, [i, "valuesInline"])
}

# Its arguments may set any value.
pieces contains patches.gap(field.base, "may choose an image out of sight") if {
	some field in fields
	field.name == "helmchartinflationgenerator"
	contains(lower(json.marshal(field.value)), "image")
}

pieces contains piece if {
	some field in fields
	patches.is_place(field.name)
	not is_one_text(group_kind, field.value)
	some piece in patches.in_list(field.base, field.value)
}

# A transformer in a document of its own has one patch, or several in one text.
pieces contains piece if {
	some field in fields
	field.name in {"jsonop", "patch"}
	some piece in patches.of_body(field.base, field.value)
}

pieces contains piece if {
	group_kind == "/patchstrategicmergetransformer"
	some field in fields
	field.name == "patches"
	is_string(field.value)
	some piece in patches.of_body(field.base, field.value)
}

pieces contains piece if {
	some field in fields
	field.name in {"generators", "transformers"}
	some piece in transformers.pieces(field.base, field.value)
}

pieces contains piece if {
	some field in fields
	field.name == "replacements"
	some piece in replacements.pieces(field.base, field.value)
}

is_one_text("/patchstrategicmergetransformer", value) if is_string(value)
