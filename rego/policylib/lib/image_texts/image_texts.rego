# METADATA
# title: Texts that are images
# description: Which texts of Helm values are references of images, by their keys and by what they look like.
package policylib.lib.image_texts

import rego.v1

import data.policylib.lib.image_keys
import data.policylib.lib.read

# Whether the value under a key chooses an image: an empty text or null chooses nothing, true and
# false are switches, and objects are judged as blocks.
chooses(_, key, value) if {
	is_number(value)
	image_keys.is_image(key)
}

chooses(path, key, value) if {
	is_string(value)
	is_reference(path, key, value)
	read.filled(value)
	not is_location(value)
}

# A location of something else: a container's image has no scheme.
is_location(value) if {
	is_string(value)
	regex.match(`\Ahttps?://`, value)
}

is_reference(_, key, _) if image_keys.is_image(key)

is_reference(path, key, _) if {
	image_keys.is_index(key)
	image_keys.is_image(read.last(path))
}

# The whole reference within an object that is one image.
is_reference(path, key, _) if {
	key in {"override", "ref", "reference", "uri"}
	image_keys.holds_image(path)
}

# One of several images under one key.
is_reference(path, key, value) if {
	is_string(key)
	image_keys.is_image(read.last(path))
	not is_part(key)
	regex.match(`\A[A-Za-z0-9._-]+(?::[0-9]+)?/[A-Za-z0-9._/-]*[:@][A-Za-z0-9_]`, value)
}

# imageName, image_url …, where it looks like a reference and not like a picture.
is_reference(_, key, value) if {
	is_string(key)
	contains(lower(key), "image")
	regex.match(`image[_-]?(?:name|ref|reference|uri|url)\z`, lower(key))
	regex.match(`\A(?:[A-Za-z0-9][^ ]*|\{\{.*|\$.*)[/:@]`, value)
	not is_picture(value)
}

# Members of a map or list of images, where they look like references.
is_reference(path, key, value) if {
	image_keys.is_images(read.last(path))
	regex.match(`[/:@]`, value)
	not image_keys.is_prefix(key)
}

is_picture(value) if regex.match(`[.](?:gif|ico|jpe?g|png|svg|webp)\z`, lower(value))

is_part(key) if lower(key) in parts

parts := {"digest", "name", "registry", "repo", "repository", "sha", "sha256", "tag", "version"}

# Where the digest of the text under an image key may stand.
digests(key) := ["digest", "imageDigest"] if {
	key == "image"
} else := [concat("", [regex.replace(key, `(?:[nN]ame|[rR]ef|[rR]eference|[uU]r[il]|U[RI]L)\z`, ""), "Digest"])] if {
	is_string(key)
} else := []
