# METADATA
# title: Decision
# description: Asks every rule about every resource of a document, and says what follows.
# entrypoint: true
package policylib.decision

import rego.v1

import data.policylib.lib.enforcement
import data.policylib.lib.enforcement.heard
import data.policylib.lib.enforcement.warns
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

unconfigured contains family if {
	some family in ["provenance", "residency", "tier"]
	not settings.speaks_of(family)
}

# What the rules say of the one resource in the review.
judged contains object.union(violation, outcome(violation, level)) if {
	some family, rules in by_family
	some rule, vs in rules
	id := concat(".", [family, rule])
	level := enforcement.of(family, id)
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

# Who looks for warnings alone need not; a decision that does not say so may always warn.
never_warns if not warns
