# METADATA
# title: Patches
# description: >-
#   What the patches of Kustomize set. A patch is an object or text, a merge or a list of operations;
#   what cannot be told from a text is refused.
package policylib.lib.patches

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.operations
import data.policylib.lib.pointer
import data.policylib.lib.reference
import data.policylib.lib.yaml_text

# Whether a key holds patches: Kustomize reads it in any case.
is_place(key) if fold.lowered(key) in {"patches", "patchesstrategicmerge", "patchesjson6902"}

# The pieces of the patches that a tool carries under any of its keys.
pieces(base, x) := {piece |
	is_object(x)
	some key, list in x
	is_place(key)
	some piece in in_list(pointer.child(base, key), list)
}

# The pieces of a list of patches.
in_list(base, list) := {piece |
	some i, patch in list
	some body in bodies(patch)
	some piece in of_body(pointer.join(base, array.concat([i], body.path)), body.value)
} if {
	is_array(list)
} else := {gap(base, "is not a list") | not is_null(list)}

# A patch may stand in an object that says what it is for.
bodies(patch) := {{"path": [], "value": patch}} | {{"path": ["patch"], "value": value} |
	some value in fold.at(patch, "patch")
}

# One body may hold several documents. Text that is no document names a file.
of_body(path, body) := {piece |
	some text in split(body, "\n---\n")
	some piece in of_text(path, text)
} if {
	is_string(body)
} else := of_document(path, body)

of_text(path, text) := of_document(path, loaded.value) if {
	loaded := yaml_text.load(text)
	loaded != {}
} else := {gap(path, "may choose an image out of sight") | may_name_image(text)}

of_document(path, document) := {{"form": "override", "path": path, "value": document, "flat": true}} if {
	is_object(document)
} else := operations.pieces(path, document) if {
	is_array(document)
} else := set()

gap(path, why) := {"form": "gap", "path": path, "value": why, "flat": true}

# Whether a text that cannot be read speaks of an image, or may without saying so.
may_name_image(text) if regex.match(concat("|", ["image", disguise]), lower(text))

# The images that a text writes as a merge does.
named(text) := {match[1] | some match in regex.find_all_string_submatch_n(image_pattern, text, -1)}

# Whether a text speaks of an image more often than it pins one, or may without saying so.
hides_image(text) if {
	pinned := [match |
		some match in regex.find_all_string_submatch_n(image_pattern, text, -1)
		reference.is_pinned(match[1])
	]
	count(regex.find_n(`image`, lower(text), -1)) > count(pinned)
}

hides_image(text) if regex.match(disguise, lower(text))

# Tags, and escapes of letters.
disguise := `(?:\A|[ \t\r\n:,?{\[-])![a-z!<]|\\[xu\r\n]`

image_pattern := `(?:\A|[ \t\r\n"'{,-])image["']?[ \t]*:[ \t]*["']?((?:\[[0-9A-Fa-f:]+\])?[^ \t\r\n"',}\]]+)`
