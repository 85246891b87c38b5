# METADATA
# title: Phrases
# description: Takes apart what may be one value or several, and calls values by name in the messages of the family.
package policylib.lib.phrases

import rego.v1

import data.policylib.lib.regions

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
