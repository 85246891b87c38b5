# METADATA
# title: Origins
# description: >-
#   Where the images are from that a tree of values chooses: the repositories that it names, and the
#   registries that it names without one.
package policylib.lib.origins

import rego.v1

import data.policylib.lib.block_keys
import data.policylib.lib.block_origins
import data.policylib.lib.image_keys
import data.policylib.lib.image_texts
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.registry_keys
import data.policylib.lib.values

# A set of path (a pointer under base), image (of any type) and of: "image", or "registry" for a
# registry without a repository.
in_tree(base, tree) := in_object(base, tree, registry) if {
	is_object(tree)

	# The registry of all the images that name none.
	registry := read.text(read.object_at(tree, "global"), "imageRegistry")
} else := {{"path": base, "image": null, "of": "image"} | not is_null(tree)}

in_object(base, tree, registry) := {{"path": path, "image": origin.image, "of": origin.of} |
	walk(tree, [keys, x])
	some origin in at(keys, x, registry)
	path := pointer.join(base, array.concat(keys, [origin.key]))
}

# What the object or array at a path says: a set of key, image and of.
at(path, x, registry) := union({
	texts(path, x), registries(path, x),
	nested(path, x, registry), flat(x, registry),
}) if {
	values.is_composite(x)
	not image_keys.is_told(path)
} else := set()

texts(path, x) := {{"key": key, "image": name, "of": "image"} |
	some key, value in x
	image_texts.chooses(path, key, value)
	some name in block_origins.names(beside(x, key), value)
}

beside(x, key) := values.first_text(x, registry_keys.beside(key)) if {
	is_object(x)
} else := ""

registries(path, x) := {{"key": key, "image": value, "of": "registry"} |
	some key, value in x
	read.filled(value)
	names_registry(path, x, key)
}

names_registry(path, _, key) if registry_keys.is_registry(path, key)

# Beside an image it is that of the image, whatever else the image says.
names_registry(_, x, "registry") if {
	some key in object.keys(x)
	image_keys.is_image(key)
}

nested(path, x, registry) := block_origins.of_block(x, block_keys.nested(x), registry) if {
	values.is_block(path, x)
} else := set()

flat(x, registry) := {origin | some keys in block_keys.flat(x); some origin in block_origins.of_block(x, keys, registry)}
