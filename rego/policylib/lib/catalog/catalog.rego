# METADATA
# title: The service catalog under review
# description: Which services a catalog holds, the tier that each is held to, and what a violation says.
package policylib.lib.catalog

import rego.v1

import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.kind
import data.policylib.lib.stated
import data.policylib.lib.tiers

# Neither a slip in the group, nor a missing kind, nor another one takes a catalog out of sight.
default is_catalog := false

is_catalog if {
	kind == "servicecatalog"
	is_ours(api_group)
}

is_catalog if {
	kind == ""
	is_ours(api_group)
	not is_null(read.at(document, "services", null))
}

is_catalog if {
	some entry in collection(read.at(document, "services", null))
	some key in ["oncall", "tier"]
	not is_null(read.at(entry, key, null))
}

is_ours("policylib.dev") := true

is_ours(group) if not contains(group, ".")

# Every service, in whatever collection they stand; what is no object has nothing.
services contains {"name": name, "path": path, "entry": entry, "tier": tier} if {
	is_catalog
	some key, entry in collection(read.at(document, "services", null))
	name := sprintf("%v", [key])
	path := pointer.join("", ["services", key])
	tier := tiers.held(read.at(entry, "tier", null))
}

# The services by the tier that each is held to, so that a demand is read once.
held[service.tier] contains service if some service in services

violation(service, fault) := {"msg": msg, "details": {"path": path, "service": service.name, "tier": service.tier}} if {
	msg := sprintf("%s %s", [called(service), fault.why])
	path := pointer.join(service.path, fault.at)
}

called(service) := sprintf("%s service \"%s\"", [service.tier, stated.shown(service.name)]) if {
	tiers.is_tier(read.at(service.entry, "tier", null))
} else := sprintf("service \"%s\", held to gold,", [stated.shown(service.name)])

# What a service keeps under a key as a list of objects or as a map from names to objects.
parts(entry, key) := {{"at": [key, k], "name": name(k, item), "item": item} |
	some k, item in collection(read.at(entry, key, null))
}

name(k, item) := k if {
	is_string(k)
} else := read.at(item, "name", null)

collection(x) := x if {
	type_name(x) in {"array", "object"}
} else := {}
