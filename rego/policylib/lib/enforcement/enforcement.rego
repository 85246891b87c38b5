# METADATA
# title: Enforcement
# description: What a violation does in the environment of the settings, and which families that leaves.
package policylib.lib.enforcement

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.settings

# The families of which something may be heard; one that is off as a whole is not evaluated.
heard := (families - object.keys(levels)) | {family |
	some name, level in levels
	level != "off"
	family := split(name, ".")[0]
}

families := {"digest", "provenance", "residency", "tier"}

# Whether there is any rule whose violations may be warnings.
warns if {
	some level in levels
	level == "warn"
}

warns if count(entering) > 0

# What the settings say of a rule in their environment; a rule's own entry goes before its family's,
# and a rule that has just entered warns for one release.
of(family, id) := level if {
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
	id in entering
} else := "deny"

# The rules that have just entered.
entering := found if {
	found := settings.get(["entering"], [])
	is_array(found)
}
