# METADATA
# title: Stated
# description: Tells text that says something from what only looks like it, and shows it on one line.
package policylib.lib.stated

import rego.v1

# What people write where they have yet to write something: in lower case, without blanks and punctuation.
placeholders := {
	"changeme", "empty", "example", "false", "fillmein", "fixme", "na", "nil", "no", "nobody", "none", "noone", "notapplicable",
	"notyet", "null", "off", "on", "placeholder", "somebody", "someone", "tba", "tbc", "tbd", "tobedecided", "tobedefined",
	"tobedone", "todo", "true", "unassigned", "undefined", "unknown", "unowned", "unset", "wip", "xx", "xxx", "yes",
}

# With whatever follows, except what a hyphen makes a name of.
openings := `\A[\x00-/:-\x60{-\x7f]*(?:changeme|fixme|placeholder|tba|tbc|tbd|todo|xxx)(?:[^a-z0-9-]|\z)`

# What is still to be rendered.
unrendered := `\$\{|\$\(|\{\{|\}\}|<%|%>|\A(?:<[^@]*>|%.*%|__.*__|@.*@)\z`

# Control characters, and those that show nothing or turn the text around.
hidden := concat("", [
	`[\x00-\x1f\x7f-\x{a0}\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}`,
	`\x{2000}-\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}\x{2800}\x{3000}\x{3164}\x{fe00}-\x{fe0f}`,
	`\x{feff}\x{ffa0}\x{fff0}-\x{ffff}\x{1d173}-\x{1d17a}\x{e0000}-\x{e0fff}]`,
])

unsaid := concat("|", [hidden, unrendered, openings])

# Text that a reader learns something from: visible, and no placeholder.
is_stated(x) if {
	is_string(x)
	said := plain(x)
	regex.match(`[0-9a-z]|[^\x00-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]`, said)
	not regex.match(unsaid, said)
	not is_placeholder(regex.replace(said, `[\x00-/:-\x60{-\x7f]`, ""))
}

is_placeholder(text) if text in placeholders

# Text without what does not tell it from another: case, blanks around it, and what joins characters or
# says how they look, as in some scripts and emoji.
plain(text) := lower(trim_space(regex.replace(text, `[\x{200c}\x{200d}\x{fe00}-\x{fe0f}]`, "")))

# Whether all of a text shows, and shows as what it is.
is_visible(text) if not regex.match(hidden, text)

# What is no text says nothing.
text(x) := x if {
	is_string(x)
} else := ""

# Printable on one line in any terminal or log: whatever else it holds is shown as "?".
shown(x) := substring(regex.replace(text(x), `[^ -~]`, "?"), 0, 100)
