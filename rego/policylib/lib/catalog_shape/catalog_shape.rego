# METADATA
# title: The shape of a service catalog
# description: What is wrong with a catalog as a whole, with a service's name, and with what it is assigned.
package policylib.lib.catalog_shape

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.read
import data.policylib.lib.service
import data.policylib.lib.stated
import data.policylib.lib.tiers

# Of keys that differ in case alone a reader may see the one, and whoever looks the other.
faults(document) := {{"path": path, "why": why} |
	some path, why in {
		"": "the catalog has keys that differ in case alone",
		"/services": "the catalog has services whose names differ in case alone",
	}
	fold.is_ambiguous(under(document, path))
} | {{"path": "/services", "why": "the catalog holds no map of services"} |
	count(read.object_at(document, "services")) == 0
}

under(document, "") := document

under(document, "/services") := read.at(document, "services", null)

name_faults(name) := {{"at": [], "why": "has a name that no label could name"} | not service.is_name(name)}

# What a service lacks that every service has.
gaps(entry) := {{"at": [], "why": "is no object"}} if {
	not is_object(entry)
} else := {{"at": [key], "why": why} |
	some key, why in {
		"tier": "has none of the tiers gold, silver and bronze",
		"owner": "names no owner",
		"oncall": "names nobody on call",
	}
	not is_given(key, read.at(entry, key, null))
} | {{"at": [], "why": "has keys that differ in case alone"} | fold.is_ambiguous(entry)}

is_given("tier", x) if tiers.is_tier(x)

is_given(key, x) if {
	key != "tier"
	stated.is_stated(x)
}
