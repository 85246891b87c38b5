# METADATA
# title: The document under review
# description: What every rule judges, and what it says it is.
package policylib.lib.review

import rego.v1

import data.policylib.lib.read

# An absent document is null, which the rules refuse.
default document := null

document := input.review.object

api_version := read.text(document, "apiVersion")

parts := split(lower(api_version), "/")

# The API group, in lower case; "" for the core group and where none is given.
default api_group := ""

api_group := parts[0] if count(parts) > 1

# Lower case: a kind that differs only in case is judged as what it imitates.
kind := lower(read.text(document, "kind"))

group_kind := concat("/", [api_group, kind])
