# METADATA
# title: Keys that name images
# description: Which keys of Helm values speak of an image.
package policylib.lib.image_keys

import rego.v1

import data.policylib.lib.read

# image, sidecarImage, sidecar_image …
is_image(key) if {
	is_string(key)
	endswith(lower(key), "image")
	not is_picture(key)
}

# Images of disks and pictures, not of containers; in lower case.
pictures := {
	"backgroundimage", "coverimage", "diskimage", "heroimage", "logoimage", "machineimage",
	"osimage", "vmimage",
}

is_picture(key) if replace(lower(key), "_", "") in pictures

# What stands below these is told to others, and chooses nothing.
is_told(path) if {
	some key in path
	is_string(key)
	regex.match(`(?:\Aenv|annotations|labels)\z`, lower(key))
}

# A location of something else: a container's image has no scheme.
is_location(value) if {
	is_string(value)
	regex.match(`\Ahttps?://`, value)
}

# images, sidecarImages …
is_images(key) if {
	is_string(key)
	endswith(lower(key), "images")
}

# An object that is one image: under an image key, or a member of a map or list of images.
holds_image(path) if is_image(read.last(path))

holds_image(path) if {
	count(path) > 1
	is_images(path[count(path) - 2])
}

# Whether the value under a key chooses an image: an empty text or null chooses nothing, true and
# false are switches, and objects are judged as blocks.
chooses(_, key, value) if {
	is_number(value)
	is_image(key)
}

chooses(path, key, value) if {
	read.filled(value)
	not is_location(value)
	is_reference(path, key, value)
}

is_reference(_, key, _) if is_image(key)

is_reference(path, key, _) if {
	is_index(key)
	is_image(read.last(path))
}

# Members of a map or list of images, where they look like references.
is_reference(path, key, value) if {
	regex.match(`[/:@]`, value)
	is_images(read.last(path))
	not is_prefix(key)
}

is_prefix(key) if {
	is_string(key)
	regex.match(`(?:registry|repository|prefix|url)\z`, lower(key))
}

# The place in a list, as a number or, where lists are written in names, as text.
is_index(key) if is_number(key)

is_index(key) if {
	is_string(key)
	regex.match(`\A\[[0-9]+\]\z`, key)
}

# Where the digest of the text under an image key may stand.
digests("image") := ["digest", "imageDigest"]

digests(key) := [concat("", [key, "Digest"])] if {
	is_string(key)
	key != "image"
}

digests(key) := [] if not is_string(key)
