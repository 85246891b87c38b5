# METADATA
# title: Decision
# description: Asks every rule about every resource of a document, and says what follows.
# entrypoint: true
package policylib.decision

import rego.v1

import data.policylib.lib.exceptions
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.resource
import data.policylib.lib.reviews
import data.policylib.lib.settings

# A family is asked in one line. All but digest speak once the settings have a section for them.
by_family.digest[rule] contains v if {
	"digest" in heard
	some v in data.policylib.digest[rule].violation
}

by_family.provenance[rule] contains v if {
	settings.speaks_of("provenance")
	"provenance" in heard
	some v in data.policylib.provenance[rule].violation
}

by_family.residency[rule] contains v if {
	settings.speaks_of("residency")
	"residency" in heard
	some v in data.policylib.residency[rule].violation
}

by_family.tier[rule] contains v if {
	settings.speaks_of("tier")
	"tier" in heard
	some v in data.policylib.tier[rule].violation
}

# The families of which something may be heard; one that is off as a whole is not evaluated.
heard contains family if {
	some family in ["digest", "provenance", "residency", "tier"]
	read.at(levels, family, null) != "off"
}

heard contains split(id, ".")[0] if {
	some id, level in levels
	level != "off"
}

unconfigured contains family if {
	some family in ["provenance", "residency", "tier"]
	not settings.speaks_of(family)
}

# What the rules say of the one resource in the review.
judged contains object.union(violation, outcome(violation, level)) if {
	some family, rules in by_family
	some rule, vs in rules
	id := concat(".", [family, rule])
	level := enforcement(family, id)
	level != "off"
	some v in vs
	details := read.object_at(v, "details")
	violation := {
		"rule": id,
		"msg": read.text(v, "msg"),
		"path": read.text(details, "path"),
		"details": details,
		"resource": resource,
	}
}

# What follows: the first exception that covers a violation stands in it, with whoever approved it.
outcome(violation, level) := {"enforcement": "excepted", "exception": entry} if {
	entry := exceptions.covering(violation)
} else := {"enforcement": level}

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

# What the settings say of a rule in their environment; a rule's own entry goes before its family's,
# and a rule that has just entered warns for one release.
enforcement(family, id) := level if {
	level := read.at(levels, id, read.at(levels, family, usual(id)))
	level in {"off", "log", "warn"}
} else := "deny"

# Without an environment the strictest holds.
default levels := {}

levels := found if {
	environment := settings.get(["environment"], null)
	read.filled(environment)
	found := settings.get(["enforcement", environment], {})
	is_object(found)
}

usual(id) := "warn" if {
	entering := settings.get(["entering"], [])
	is_array(entering)
	id in entering
} else := "deny"
