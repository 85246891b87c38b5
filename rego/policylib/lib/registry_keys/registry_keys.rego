# METADATA
# title: Keys that name registries
# description: Which keys of Helm values speak of the registry of images that are named elsewhere.
package policylib.lib.registry_keys

import rego.v1

import data.policylib.lib.image_keys
import data.policylib.lib.read

# Where the registry of the text under an image key may stand.
beside(key) := ["registry", "imageRegistry"] if {
	key == "image"
} else := [concat("", [key, "Registry"])] if {
	is_string(key)
} else := []

# What names a registry for images that are named elsewhere.
is_registry(_, key) if {
	is_string(key)
	regex.match(`(?:image|container|docker)(?:registry|repo|prefix|hub)\z`, regex.replace(lower(key), `[_-]`, ""))
}

is_registry(path, key) if {
	key in {"hub", "registry"}
	read.last(path) == "global"
}

is_registry(path, key) if {
	image_keys.is_images(read.last(path))
	image_keys.is_prefix(key)
}
