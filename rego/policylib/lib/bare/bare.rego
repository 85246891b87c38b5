# METADATA
# title: Bare documents
# description: Gives a document without apiVersion and kind the envelope that the rules know it by.
package policylib.lib.bare

import rego.v1

import data.policylib.lib.read

enveloped(document) := {
	"apiVersion": "policylib.dev/v1",
	"kind": "HelmValues",
	"metadata": {"name": "values"},
	"values": document,
} if {
	is_bare(document)
	not is_kustomization(document)
} else := object.union(document, {
	"apiVersion": "kustomize.config.k8s.io/v1beta1",
	"kind": "Kustomization",
}) if {
	is_bare(document)
} else := document

# A kindless list of resources is a list, not values.
is_bare(document) if {
	is_object(document)
	is_null(read.at(document, "apiVersion", null))
	is_null(read.at(document, "kind", null))
	not holds_resources(document)
}

holds_resources(document) if {
	some item in read.list(document, "items")
	read.text(item, "kind") != ""
}

is_kustomization(document) if {
	some image in read.list(document, "images")
	some key in ["newName", "newTag"]
	not is_null(read.at(image, key, null))
}
