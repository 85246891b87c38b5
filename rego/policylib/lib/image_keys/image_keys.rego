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

# images, sidecarImages …
is_images(key) if {
	is_string(key)
	endswith(lower(key), "images")
}

# What goes before the names in a map of images.
is_prefix(key) if {
	is_string(key)
	regex.match(`(?:registry|repository|prefix|url)\z`, lower(key))
}

# An object that is one image: under an image key, or a member of a map or list of images.
holds_image(path) if is_image(read.last(path))

holds_image(path) if is_images(path[count(path) - 2])

# What stands below these is told to others, and chooses nothing.
is_told(path) if {
	some key in path
	is_string(key)
	some ending in ["annotations", "labels"]
	endswith(lower(key), ending)
}

# A map or list of variables. Deeper below env are no variables.
is_told(path) if is_env(read.last(path))

is_told(path) if {
	is_index(read.last(path))
	is_env(path[count(path) - 2])
}

is_env(key) if {
	is_string(key)
	lower(key) == "env"
}

# The place in a list, as a number or, where lists are written in names, as text.
is_index(key) if is_number(key)

is_index(key) if {
	is_string(key)
	regex.match(`\A\[[0-9]+\]\z`, key)
}
