# METADATA
# title: JSON pointers
# description: RFC 6901 pointers, the form in which every violation names its place.
package policylib.lib.pointer

import rego.v1

# Tilde first: escaping the slash brings new tildes.
segment(key) := replace(replace(key, "~", "~0"), "/", "~1") if {
	is_string(key)
} else := sprintf("%v", [key])

child(base, key) := concat("/", [base, segment(key)])

join(base, path) := concat("/", array.concat([base], [segment(key) | some key in path]))
