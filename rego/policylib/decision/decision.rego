# METADATA
# title: Decision
# description: Asks every rule about every resource of a document, and says what follows.
# entrypoint: true
package policylib.decision

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review.api_version
import data.policylib.lib.review.document
import data.policylib.lib.reviews
import data.policylib.lib.settings

# A family is asked in one line.
by_family.digest[rule] contains v if some v in data.policylib.digest[rule].violation

# What the rules say of the one resource in the review.
judged contains {
	"rule": id,
	"msg": read.text(v, "msg"),
	"path": read.text(details, "path"),
	"details": details,
	"resource": resource,
	"enforcement": level,
} if {
	some family, rules in by_family
	some rule, vs in rules
	some v in vs
	details := read.object_at(v, "details")
	id := concat(".", [family, rule])
	level := enforcement(family, id)
	level != "off"
}

violations contains v if {
	not is_list
	some v in judged
}

violations contains object.union(v, {"path": concat("", [item.path, v.path])}) if {
	is_list
	some item in reviews.expand(document)
	some v in judged with input as {"review": item.review}
}

is_list if reviews.is_list(document)

resource := {
	"apiVersion": api_version,
	"kind": read.text(document, "kind"),
	"namespace": read.text(read.object_at(document, "metadata"), "namespace"),
	"name": read.text(read.object_at(document, "metadata"), "name"),
}

# What the settings say of a rule in their environment; a rule's own entry goes before its family's.
enforcement(family, id) := level if {
	environment := settings.get(["environment"], "")
	environment != ""
	levels := settings.get(["enforcement", environment], {})
	level := read.at(levels, id, read.at(levels, family, "deny"))
	level in {"off", "log", "warn"}
} else := "deny"
