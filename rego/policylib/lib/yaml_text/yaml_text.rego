# METADATA
# title: YAML in text
# description: >-
#   Reads values that are carried as text. Readers of YAML differ over merge keys, tags, complex keys
#   and several documents, so only text without them is read; anything else is unreadable.
package policylib.lib.yaml_text

import rego.v1

import data.policylib.lib.yaml_flow

# Values carried as text: the one piece that they are.
piece(path, text) := {"form": "override", "path": path, "value": parse(text).value, "flat": true} if {
	parse(text) != {}
} else := {"form": "gap", "path": path, "value": unreadable, "flat": true}

unreadable := "holds YAML that cannot be read with certainty: write plain values"

# The values in a text: {"value": …}, or {} when they cannot be read.
parse(text) := load(text) if {
	is_values(load(text).value)
} else := {}

# What a text holds: {"value": …}, or {} when it cannot be read.
load(text) := {"value": value} if {
	is_string(text)
	not is_ambiguous(text)
	yaml.is_valid(text)
	value := yaml.unmarshal(text)
	not has_complex_key(value)
	not yaml_flow.is_torn(text, value)
} else := {}

# Values are a mapping, or nothing at all.
is_values(value) if is_object(value)

is_values(value) if is_null(value)

# A merge key, a second document, a tag.
is_ambiguous(text) if regex.match(`<<["']?[ \t\r\n]*:`, text)

is_ambiguous(text) if regex.match(`[\n\r\x{85}\x{2028}\x{2029}](?:---|\.\.\.)`, text)

is_ambiguous(text) if regex.match(`(?:\A|[\n\r]|[:?-][ \t\r\n]|[\[{,])[ \t\r\n]*!`, text)

is_ambiguous(text) if regex.match(`&[^ \t\r\n]+[ \t]+!`, text)

# A word or number that readers type differently (yes, 012, 1_000), where it is part of an image.
is_ambiguous(text) if regex.match(concat("", [image_key, label, odd_scalar]), lower(text))

# A key that is text to one reader and nothing, a number or a mapping to another.
is_ambiguous(text) if regex.match(concat("", [start, label, odd_key, `[ \t]*:(?:[ \t\r\n]|\z)`]), lower(text))

image_key := `(?:image|tag|digest|repository|registry|sha)["']?[ \t]*:[ \t]+`

label := `(?:[&!][^ \t\r\n]+[ \t]+)*`

odd_scalar := concat("", [
	`(?:y|n|yes|no|on|off|[-+.]?[0-9][0-9a-z.]*_[0-9a-z_.]*|[-+]?0[0-9][0-9.]*|`,
	`0x[0-9a-f]{15,}|[-+]?0[bo][0-9]+)[ \t\r]*(?:[\n#,}\]]|\z)`,
])

start := `(?:\A|[\n\r{,]|[?-][ \t])[ \t]*`

odd_key := concat("", [
	`(?:~|null|[-+]?\.(?:inf|nan)|\{[^\n\r}]*\}|`,
	`\[[^\n\r\]]*\]|[|>][-+0-9]*[ \t\r]*\n[^:]*)`,
])

# A mapping as a key, such as an unresolved {{ template }} leaves, is an error to some readers.
has_complex_key(value) if {
	walk(value, [path, _])
	some key in path
	is_complex(key)
}

is_complex(key) if is_object(key)

is_complex(key) if is_array(key)

is_complex(key) if key == "<<"

# No key at all, to a reader that lets it be null.
is_complex(key) if is_null(key)
