# METADATA
# title: YAML in braces and brackets
# description: >-
#   Finds plain scalars in braces and brackets that readers of YAML end at different characters.
package policylib.lib.yaml_flow

import rego.v1

# Whether a text that was read as `value` holds such a scalar: with a question mark, or with a colon at
# its end. Some readers refuse the one and some the other.
is_torn(text, value) if {
	squeezed := squeeze(text)
	some scalar in scalars(value)
	some opening in ["[", "{", ",", ":"]
	some closing in ["]", "}", ",", ":"]
	contains(squeezed, concat("", [opening, squeeze(scalar), closing]))
}

# The texts in a value, keys among them, that may be torn.
scalars(value) := {scalar |
	walk(value, [path, node])
	some scalar in array.concat(path, [node])
	is_string(scalar)
	regex.match(`\?|:\z`, scalar)
}

squeeze(text) := regex.replace(text, `[ \t\r\n]+`, "")
