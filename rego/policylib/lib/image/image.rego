# METADATA
# title: Images
# description: Why a value does not name exactly one image, in words that are the same everywhere.
package policylib.lib.image

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.reference

# Why a value is no pinned image reference; "" when it is one.
fault(x) := "" if {
	reference.is_pinned(x)
} else := "is missing" if {
	is_null(x)
} else := "is not text" if {
	not is_string(x)
} else := "is empty" if {
	trim_space(x) == ""
} else := "holds an unresolved template or variable" if {
	regex.match(`\{\{|\}\}|\$\{|\$\(`, x)
} else := "holds a character that no image reference may hold" if {
	regex.match(`[^!-~]`, x)
} else := "is a URL, not an image reference" if {
	contains(x, "://")
} else := "has no digest" if {
	not contains(x, "@")
} else := reference.fault(x)

# Printable on one line in any terminal or log: whatever else it holds is shown as "?".
shown(x) := substring(regex.replace(x, `[^ -~]`, "?"), 0, 300)

# The one sentence about a faulty image: by its name where it has one, else by its place.
message(x, why, path) := sprintf("image \"%s\" %s", [shown(x), why]) if {
	read.filled(x)
} else := sprintf("%s %s", [shown(path), why])

# The reference as given, "" where it is none.
named(x) := x if {
	is_string(x)
} else := ""
