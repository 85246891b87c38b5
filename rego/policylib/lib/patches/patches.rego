# METADATA
# title: Patches
# description: >-
#   The images that Kustomize patches set. A patch is read as text, for it may be written as text in
#   either of two forms; what cannot be told from the text is refused.
package policylib.lib.patches

import rego.v1

import data.policylib.lib.image
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.reference

# What is wrong in the patches that a tool carries under any of its keys: a set of path, image, why.
faults(base, x) := {{"path": pointer.join(base, array.concat([key, i], path)), "image": chosen, "why": why} |
	some key in ["patches", "patchesStrategicMerge", "patchesJson6902"]
	some i, patch in read.list(x, key)
	some path, text in carried(patch)
	some chosen, why in faults_in(text)
}

carried(patch) := {[]: patch} if {
	is_string(patch)
} else := {["patch"]: patch.patch} if {
	read.says(patch, "patch")
	is_string(patch.patch)
} else := {[]: json.marshal(patch)}

faults_in(text) := object.union(unpinned(text), unseen(text))

# A merge: every image that it writes.
unpinned(text) := {chosen: why |
	some chosen in values(text, `(?:\A|[ \t\r\n"'{,-])image["']?[ \t]*:[ \t]*["']?([^ \t\r\n"',}\]]+)`)
	why := image.fault(chosen)
	why != ""
}

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
