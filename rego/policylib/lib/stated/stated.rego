# METADATA
# title: Stated
# description: Tells text that says something from what only looks like it, and shows it on one line.
package policylib.lib.stated

import rego.v1

# In lower case, what people write where they have yet to write something.
placeholders := {
	"empty", "example", "false", "fill me in", "n.a", "n/a", "na", "nil", "no", "no one", "nobody", "none", "noone", "null", "off",
	"on", "to be decided", "to be defined", "to be done", "true", "undefined", "unknown", "unset", "wip", "xx", "yes", "~",
}

# With whatever follows.
openings := `\A(?:changeme|fixme|placeholder|tba|tbc|tbd|todo|xxx)(?:[^a-z0-9]|\z)`

# What is still to be rendered.
unrendered := `\$\{|\$\(|\{\{|\}\}|<%|%>`

# Control characters, and those that show nothing or turn the text around.
hidden := concat("", [
	`[\x00-\x1f\x7f-\x{a0}\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}`,
	`\x{2000}-\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}\x{2800}\x{3000}\x{3164}\x{fe00}-\x{fe0f}`,
	`\x{feff}\x{ffa0}\x{fff0}-\x{ffff}\x{1d173}-\x{1d17a}\x{e0000}-\x{e0fff}]`,
])

# Text that a reader learns something from: visible, and no placeholder.
is_stated(x) if {
	regex.match(`[0-9A-Za-z]|[^\x00-\x7f]`, trim_space(text(x)))
	not regex.match(hidden, trim_space(x))
	not regex.match(unrendered, x)
	not is_placeholder(lower(trim(x, " \t\r\n.,!?:;-_*<>[]{}()\"'`")))
}

is_placeholder(text) if text in placeholders

is_placeholder(text) if regex.match(openings, text)

# What is no text says nothing.
text(x) := x if {
	is_string(x)
} else := ""

# Printable on one line in any terminal or log: whatever else it holds is shown as "?".
shown(x) := substring(regex.replace(text(x), `[^ -~]`, "?"), 0, 100)
