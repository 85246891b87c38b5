# METADATA
# title: Residency
# description: Which regions the settings permit to a class of data, and why a location is refused to it.
package policylib.lib.residency

import rego.v1

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
} else := concat(" ", ["the data class is", lack(class)]) if {
	not is_string(class)
} else := sprintf("residency.allowed_regions has no data class %s", [shown(class)]) if {
	not is_listed(class)
} else := concat(" ", ["the location is", lack(location)]) if {
	not is_string(location)
} else := sprintf("no region is known as %s", [shown(location)]) if {
	not regions.is_known(location)
} else := sprintf("data class %s must stay in %s, not in %s", [shown(class), said(listed(class)), shown(location)])

is_listed(class) if listed(class)

# Every reason why data of some classes may not be in a location.
refusals(classes, location) := {reason |
	some class in classes
	reason := refusal(class, location)
	reason != ""
}

# One or a list: what an odd value holds is judged as it stands, and refused. Text may hold several,
# with a comma between them.
several(value) := parts if {
	parts := parted(value)
} else := value if {
	is_array(value)
	count(value) > 0
} else := [value]

parted(value) := split(regex.replace(value, ` *, *`, ","), ",") if is_string(value)

# The names in a list that permit anything.
said(entries) := concat(", ", known) if {
	known := [entry | some entry in entries; regions.is_known(entry)]
	count(known) > 0
} else := "no region"

# A value as it is called in a sentence.
named(x) := shown(x) if is_string(x)

named(x) := lack(x) if not is_string(x)

shown(x) := sprintf("\"%s\"", [printable(x)])

# Printable on one line in any terminal or log: whatever else it holds is shown as "?".
printable(x) := substring(regex.replace(x, `[^ -~]`, "?"), 0, 100)

# Text as it is, and nothing for what is no text.
text(x) := x if {
	is_string(x)
} else := ""

# What stands in the place of text.
lack(x) := "missing" if {
	is_null(x)
} else := sprintf("%s, not text", [kinds[type_name(x)]])

kinds := {"array": "an array", "boolean": "a boolean", "number": "a number", "object": "an object"}
