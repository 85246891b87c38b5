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

# What may run containers is judged as it stands, and all else as values.
is_bare(document) if {
	is_object(document)
	is_null(read.at(document, "apiVersion", null))
	is_null(read.at(document, "kind", null))
	not may_run_containers(document)
}

# The keys, in lower case, under which a pod spec hangs at the root of an object.
carriers := {"containers", "ephemeralcontainers", "initcontainers", "items", "jobtemplate", "spec", "template"}

may_run_containers(document) if {
	some key, value in document
	lower(key) in carriers
	holds_object(value)
}

holds_object(value) if is_object(value)

holds_object(value) if {
	is_array(value)
	some item in value
	is_object(item)
}

is_kustomization(document) if {
	some image in read.list(document, "images")
	some key in ["newName", "newTag"]
	not is_null(read.at(image, key, null))
}
