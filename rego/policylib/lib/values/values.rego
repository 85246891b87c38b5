# METADATA
# title: Helm values
# description: >-
#   Every choice of an image in a tree of values: texts under image keys, blocks, and flat keys. The
#   rendered chart is what counts; values are judged because they are known earlier.
package policylib.lib.values

import rego.v1

import data.policylib.lib.blocks
import data.policylib.lib.cleared
import data.policylib.lib.image
import data.policylib.lib.image_keys
import data.policylib.lib.image_texts
import data.policylib.lib.pointer
import data.policylib.lib.read

# What is wrong in a tree of values: a set of path (a pointer under base), image and why.
in_tree(base, tree) := in_object(base, tree) if {
	is_object(tree)
} else := {{"path": base, "image": "", "why": "is not an object"} | not is_null(tree)}

in_object(base, tree) := {{"path": path, "image": fault.image, "why": fault.why} |
	tells([], tree)
	walk(tree, [keys, x])
	is_composite(x)
	tells(keys, x)
	some fault in faults_at(keys, x)
	path := pointer.join(base, array.concat(keys, [fault.key]))
}

# Most of a tree speaks of no image, neither in its keys nor in those above it, and is read in vain.
tells(path, x) if regex.match(`i[_-]*m[_-]*a[_-]*g[_-]*e|repository`, lower(json.marshal([path, x])))

is_composite(x) if is_object(x)

is_composite(x) if is_array(x)

# What is wrong in a tree that goes over a chart's own values: it may also clear a digest.
in_override(base, tree) := in_tree(base, tree) | cleared.in_tree(base, tree)

# What is wrong in the object or array that stands at a path.
faults_at(path, x) := set() if {
	image_keys.is_told(path)
} else := (texts(path, x) | nested(path, x)) | flat(x)

texts(path, x) := {{"key": key, "image": image.named(whole), "why": why} |
	some key, value in x
	image_texts.chooses(path, key, value)
	whole := completed(x, key, value)
	why := image.fault(whole)
	why != ""
}

# The digest of a text may stand beside it, in a key that belongs to it alone, or in the tag.
completed(x, key, value) := concat("@", [value, beside]) if {
	is_object(x)
	is_string(value)
	not contains(value, "@")
	beside := first_text(x, image_texts.digests(key))
	beside != ""
} else := concat(":", [value, tag]) if {
	key == "image"
	is_string(value)
	tag := read.text(x, "tag")
	contains(tag, "@")
} else := value

# The first text that stands under one of some keys, else "".
first_text(x, keys) := texts_given[0] if {
	texts_given := array.concat([text | some key in keys; text := read.text(x, key); text != ""], [""])
}

nested(path, x) := blocks.nested_faults(x) if {
	is_block(path, x)
} else := set()

is_block(path, x) if {
	is_object(x)
	image_keys.holds_image(path)
	not is_somewhere_else(x)
}

# One of several images under one key.
is_block(path, x) if {
	is_object(x)
	image_keys.is_image(path[count(path) - 2])
	count(object.keys(x) & {"tag", "digest"}) > 0
}

# Anything else with a repository and a tag or digest, unless it is a repository of something else.
is_block(_, x) if {
	is_object(x)
	count(object.keys(x) & {"repository"}) > 0
	count(object.keys(x) & {"tag", "digest", "sha", "sha256", "pullPolicy"}) > 0
	not is_elsewhere(read.text(x, "repository"))
}

is_somewhere_else(x) if {
	some key in ["name", "repo", "repository"]
	image_texts.is_location(read.at(x, key, null))
}

is_elsewhere(repository) if regex.match(`\A(?:git@|git://|ssh://|https?://)`, repository)

# Repositories of images may be called so, too, but not on these hosts, nor after a colon.
is_elsewhere(repository) if regex.match(`\A(?:(?:github|gitlab)\.com/|[^/]+:[^/0-9]).*\.git\z`, repository)

flat(x) := blocks.flat_faults(x)
