# METADATA
# title: YAML in text
# description: >-
#   Reads values that are carried as text. Readers of YAML differ over merge keys, tags, complex keys
#   and several documents, so only text without them is read; anything else is unreadable.
package policylib.lib.yaml_text

import rego.v1

import data.policylib.lib.values

# What is wrong in values carried as text: a set of path (of the text), image and why.
faults(path, text) := {{"path": path, "image": fault.image, "why": fault.why} |
	some value in parse(text)
	some fault in values.in_tree("", value)
} | unreadable(path, text)

unreadable(path, text) := {{"path": path, "image": "", "why": why} |
	parse(text) == {}
	why := "holds YAML that cannot be read with certainty: write plain values"
}

# The values in a text: {"value": …}, or {} when they cannot be read.
parse(text) := {"value": value} if {
	is_string(text)
	not is_ambiguous(text)
	yaml.is_valid(text)
	value := yaml.unmarshal(text)
	not has_complex_key(value)
} else := {}

# A merge key, a second document, a tag.
is_ambiguous(text) if regex.match(`<<["']?[ \t\r\n]*:`, text)

is_ambiguous(text) if regex.match(`[\n\r\x{85}\x{2028}\x{2029}](?:---|\.\.\.)`, text)

is_ambiguous(text) if regex.match(`(?:\A|[\n\r]|[:?-][ \t\r\n]|[\[{,])[ \t\r\n]*!`, text)

# A mapping as a key, such as an unresolved {{ template }} leaves, is an error to some readers.
has_complex_key(value) if {
	walk(value, [path, _])
	some key in path
	is_complex(key)
}

is_complex(key) if is_object(key)

is_complex(key) if is_array(key)

is_complex(key) if key == "<<"
