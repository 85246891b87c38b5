# METADATA
# title: Cleared digests
# description: >-
#   Where an override takes a digest away, so that the chart falls back on its tag. A chart's own
#   values may leave digests empty.
package policylib.lib.cleared

import rego.v1

import data.policylib.lib.blocks
import data.policylib.lib.image_keys
import data.policylib.lib.pointer
import data.policylib.lib.read

# What a tree of values clears: a set of path (a pointer under base), image and why.
in_tree(base, tree) := {{"path": path, "image": "", "why": fault.why} |
	is_object(tree)
	walk(tree, [keys, x])
	is_object(x)
	some fault in faults_at(keys, x)
	path := pointer.join(base, array.concat(keys, [fault.key]))
}

# The digests that an object at a path clears, where it chooses nothing in their place.
faults_at(path, x) := {{"key": key, "image": "", "why": "is cleared, so that the tag of the chart decides"} |
	some key in object.keys(x)
	is_string(key)
	is_digest(path, key)
	not keeps(x, key)
	not chooses(x)
	not image_keys.is_told(path)
}

is_digest(path, key) if {
	key in {"digest", "sha", "sha256"}
	image_keys.holds_image(path)
}

is_digest(_, key) if regex.match(`image[_-]?digest\z`, lower(key))

# The chart of Cilium heeds no digest where it is told so.
is_digest(path, "useDigest") if image_keys.holds_image(path)

keeps(x, "useDigest") if x.useDigest == true

keeps(x, key) if {
	key != "useDigest"
	read.says(x, key)
}

chooses(x) if blocks.chooses(x)

chooses(x) if read.says(x, "image")
