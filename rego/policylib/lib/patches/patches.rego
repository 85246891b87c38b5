# METADATA
# title: Patches
# description: >-
#   The images that Kustomize patches set. A patch is read as text, for it may be written as text in
#   either of two forms; what cannot be told from the text is refused.
package policylib.lib.patches

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.image
import data.policylib.lib.pointer
import data.policylib.lib.reference

# Whether a key holds patches: Kustomize reads it in any case.
is_place(key) if lower(key) in {"patches", "patchesstrategicmerge", "patchesjson6902"}

# What is wrong in the patches that a tool carries under any of its keys: a set of path, image, why.
faults(base, x) := {fault |
	is_object(x)
	some key, list in x
	is_place(key)
	some fault in in_list(pointer.child(base, key), list)
}

# What is wrong in a list of patches.
in_list(base, list) := {{"path": pointer.join(base, array.concat([i], path)), "image": chosen, "why": why} |
	some i, patch in list
	some path, text in carried(patch)
	some chosen, why in faults_in(text)
} if {
	is_array(list)
} else := {{"path": base, "image": "", "why": "is not a list"} | not is_null(list)}

carried(patch) := {[]: patch} if {
	is_string(patch)
} else := {["patch"]: text} if {
	[text] := fold.at(patch, "patch")
	is_string(text)
} else := {[]: json.marshal(patch)}

faults_in(text) := object.union(unpinned(text), unseen(text))

# A merge: every image that it writes.
unpinned(text) := {chosen: why |
	some chosen in values(text, image_pattern)
	why := image.fault(chosen)
	why != ""
}

# The images that a text writes as a merge does.
named(text) := {chosen | some chosen in values(text, image_pattern)}

# Whether a text speaks of an image more often than it pins one.
hides_image(text) if {
	pinned := [chosen |
		some chosen in values(text, image_pattern)
		reference.is_pinned(chosen)
	]
	count(regex.find_n(`[iI]mage`, text, -1)) > count(pinned)
}

image_pattern := `(?:\A|[ \t\r\n"'{,-])image["']?[ \t]*:[ \t]*["']?([^ \t\r\n"',}\]]+)`

# A list of operations: as many pinned values as there are paths to an image.
unseen(text) := {"": "may choose an image out of sight"} if {
	paths := regex.find_n(`/image["']?[ \t]*(?:[\r\n,}]|\z)`, text, -1)
	pinned := [value |
		some value in values(text, `value["']?[ \t]*:[ \t]*["']?([^ \t\r\n"',}\]]+)`)
		reference.is_pinned(value)
	]
	count(paths) > count(pinned)
} else := {}

values(text, pattern) := [match[1] | some match in regex.find_all_string_submatch_n(pattern, text, -1)]
