# METADATA
# title: Residency
# description: Which regions the settings permit to a class of data, and why a location is refused to it.
package policylib.lib.residency

import rego.v1

import data.policylib.lib.phrases
import data.policylib.lib.regions
import data.policylib.lib.settings

# The regions of a data class, as the settings list them; undefined for a class that they do not know.
listed(class) := entries if {
	is_string(class)
	entries := settings.get(["residency", "allowed_regions", class], null)
	is_array(entries)
}

permits(class, location) if regions.covers(listed(class), location)

# Why a class of data may not be in a location; "" when it may.
refusal(class, location) := "" if {
	permits(class, location)
} else := concat(" ", ["the data class is", phrases.lack(class)]) if {
	not is_string(class)
} else := sprintf("residency.allowed_regions has no data class %s", [phrases.shown(class)]) if {
	not is_listed(class)
} else := concat(" ", ["the location is", phrases.lack(location)]) if {
	not is_string(location)
} else := sprintf("no region is known as %s", [phrases.shown(location)]) if {
	not regions.is_known(location)
} else := sprintf("data class %s must stay in %s, not in %s", [phrases.shown(class), phrases.said(listed(class)), phrases.shown(location)])

is_listed(class) if listed(class)

# Every reason why data of some classes may not be in a location.
refusals(classes, location) := {reason |
	some class in classes
	reason := refusal(class, location)
	reason != ""
}

# What the rules of the family say of values.
several(value) := phrases.several(value)

said(entries) := phrases.said(entries)

named(x) := phrases.named(x)

shown(x) := phrases.shown(x)

printable(x) := phrases.printable(x)
