# METADATA
# title: Origins of image blocks
# description: Where one image is from, by the parts that a block has of it.
package policylib.lib.block_origins

import rego.v1

import data.policylib.lib.blocks
import data.policylib.lib.read
import data.policylib.lib.repository

# What the parts of one image say, under the keys that they have; the registry is that of images
# that name none.
of_block(x, keys, registry) := {{"key": keys.repository, "image": name, "of": "image"} |
	given := repository_of(x, keys)
	some name in names(registry_of(x, keys, given, registry), given)
} if {
	read.says(x, keys.repository)
} else := {{"key": keys.registry, "image": blocks.part(x, keys.registry), "of": "registry"} |
	read.says(x, keys.registry)
}

# Some charts hide half of the digest in the tag.
repository_of(x, keys) := concat("", [given, blocks.tag(x, keys), blocks.digest(x, keys)]) if {
	given := blocks.part(x, keys.repository)
	contains(given, "@")
} else := blocks.part(x, keys.repository)

registry_of(x, keys, given, registry) := blocks.part(x, keys.registry) if {
	read.says(x, keys.registry)
} else := "" if {
	repository.has_host(given)
} else := registry

# A name with a host may be read with the registry beside it, and without.
names(registry, name) := {name} if {
	registry == ""
} else := {name} if {
	not is_string(name)
} else := {name, joined(registry, name)} if {
	repository.has_host(name)
} else := {joined(registry, name)}

joined(registry, name) := concat("/", [trim_suffix(registry, "/"), name])
