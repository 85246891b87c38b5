# METADATA
# title: The document under review
# description: What every rule judges, what it says it is, and what its kind tells.
package policylib.lib.review

import rego.v1

import data.policylib.lib.inert
import data.policylib.lib.read
import data.policylib.lib.workloads

# An absent document is null, which the rules refuse.
default document := null

document := input.review.object

default api_version := ""

api_version := document.apiVersion if is_string(document.apiVersion)

# The API group, in lower case; "" for the core group and where none is given.
default api_group := ""

api_group := split(lower(api_version), "/")[0] if contains(api_version, "/")

# Lower case: a kind that differs only in case is judged as what it imitates.
default kind := ""

kind := lower(document.kind) if is_string(document.kind)

group_kind := concat("/", [api_group, kind])

# What is known of the kind: it runs pods, it runs nothing, or nobody declared it.
default class := "undeclared"

class := "workload" if {
	workloads.known(api_group, kind)
} else := "inert" if {
	inert.is_inert(api_group, kind)
}

# The pointers to the pod specs that must run containers.
pod_specs := workloads.pod_specs(document, api_group, kind)

# What a report, an exception or an auditor calls the document; a part that it lacks is empty.
resource := {
	"apiVersion": api_version,
	"kind": read.text(document, "kind"),
	"namespace": read.text(read.object_at(document, "metadata"), "namespace"),
	"name": read.text(read.object_at(document, "metadata"), "name"),
}
