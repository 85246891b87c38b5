# METADATA
# title: Image overrides
# description: The images that Kustomize puts in the place of others, as objects or as text.
package policylib.lib.overrides

import rego.v1

import data.policylib.lib.block_origins
import data.policylib.lib.blocks
import data.policylib.lib.fold
import data.policylib.lib.image
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.reference

# What is wrong in what should be a list of overrides: a set of path, image and why.
faults(base, list) := (objects(base, list) | texts(base, list)) | strange(base, list) if {
	is_array(list)
} else := {{"path": base, "image": "", "why": "is not a list"} | not is_null(list)}

strange(base, list) := {{"path": pointer.child(base, i), "image": "", "why": "is no image override"} |
	some i, x in list
	not is_object(x)
	not is_string(x)
}

objects(base, list) := {fault |
	some i, x in list
	is_object(x)
	some fault in item_faults(pointer.child(base, i), x)
}

# What is wrong in one override, whose keys Kustomize reads in any case.
item_faults(base, x) := fold.faults(base, x) | {{"path": path, "image": fault.image, "why": fault.why} |
	folded := fold.keys(x, ["name", "newName", "newTag", "tagSuffix", "digest"])
	chooses(folded)
	some fault in blocks.faults(folded, keys(folded))
	path := pointer.child(base, fault.key)
}

# Where the images are from that the overrides choose: a set of path, image and of.
named(base, list) := {origin |
	some i, x in list
	is_object(x)
	some origin in item_named(pointer.child(base, i), x)
} | {{"path": pointer.child(base, i), "image": text, "of": "image"} |
	some i, x in list
	not is_object(x)
	text := new(x)
} if {
	is_array(list)
} else := {{"path": base, "image": null, "of": "image"} | not is_null(list)}

item_named(base, x) := {{"path": pointer.child(base, origin.key), "image": origin.image, "of": origin.of} |
	folded := fold.keys(x, ["name", "newName", "newTag", "tagSuffix", "digest"])
	some key in ["newName", "newTag", "tagSuffix", "digest"]
	read.says(folded, key)
	some origin in block_origins.of_block(folded, keys(folded), "")
} | {{"path": base, "image": null, "of": "image"} | fold.is_ambiguous(x)}

keys(x) := {
	"registry": "",
	"repository": either(x, "newName", "name"),
	"tag": either(x, "newTag", "tagSuffix"),
	"digest": "digest",
}

# The second key only where it alone says something.
either(x, first, second) := second if {
	not read.says(x, first)
	read.says(x, second)
} else := first

# A name alone keeps the tag or digest that it meets. Every tag drops a digest.
chooses(x) if {
	some key in ["newTag", "tagSuffix", "digest"]
	read.says(x, key)
}

chooses(x) if {
	read.says(x, "newName")
	not reference.is_name(x.newName)
}

# NAME=NEW, NAME=NEW:TAG or NEW@DIGEST.
texts(base, list) := {{"path": pointer.child(base, i), "image": new(x), "why": why} |
	some i, x in list
	is_string(x)
	not keeps_the_rest(x)
	why := image.fault(new(x))
	why != ""
}

new(x) := read.last(split(x, "=")) if {
	is_string(x)
} else := null

keeps_the_rest(x) if {
	contains(x, "=")
	reference.is_name(new(x))
}
