# METADATA
# title: Custom resources
# description: The images of kinds that nobody declared, found by the shape of what surrounds them.
package policylib.lib.custom_resources

import rego.v1

import data.policylib.lib.blocks
import data.policylib.lib.fold
import data.policylib.lib.pointer
import data.policylib.lib.review.class
import data.policylib.lib.review.document

# Keys in lower case: one in another case is read as what it imitates.
container_lists := {"sidecars", "steps"}

container_objects := {"containerdisk", "script", "steptemplate"}

# Besides these, whatever ends in container, containers or volumes tells.
telling_keys := (container_lists | container_objects) | {"podspecpatch", "taskspec"}

# Most resources run nothing: their text names no telling key, and is walked in vain.
is_walked if {
	class == "undeclared"
	pattern := concat("", [`(?:containers?|volumes)"|"(?:`, concat("|", telling_keys), `)"`])
	regex.match(pattern, lower(json.marshal(document)))
}

# What stands under a telling key; a status reports and a schema describes, and neither runs anything.
nodes := [{"key": key, "path": path, "value": value} |
	is_walked
	walk(document, [path, value])
	told := told_by(path, value)
	is_string(told)
	key := lower(told)
	tells(key)
	path[0] != "status"
	not describes(path)
]

# A list in a list is told by the key of that.
told_by(path, value) := path[count(path) - 2] if {
	is_array(value)
	is_number(path[count(path) - 1])
} else := path[count(path) - 1]

tells(key) if key in telling_keys

tells(key) if regex.match(`(?:containers?|volumes)\z`, key)

describes(path) if "openAPIV3Schema" in path

is_container(key) if key in container_objects

is_container(key) if endswith(key, "container")

is_container_list(key) if key in container_lists

is_container_list(key) if regex.match(`containers?\z`, key)

# A list of containers, or a map of them by name.
members(x) := {i: item |
	some i, item in x
	is_object(item)
} if {
	is_array(x)
} else := x if {
	is_object(x)
	not holds_scalar(x)
} else := {}

holds_scalar(x) if {
	some value in x
	not is_object(value)
}

# Everything that is shaped like a container.
containers := array.concat(
	[node |
		some node in nodes
		is_container(node.key)
		is_object(node.value)
	],
	[{"key": node.key, "path": array.concat(node.path, [i]), "value": value} |
		some node in nodes
		is_container_list(node.key)
		some i, value in members(node.value)
	],
)

# A container without an image is an overlay, not a gap: only images that are given count.
images contains {"path": pointer.join("", array.concat(c.path, [key])), "image": blocks.whole(chosen), "gap": ""} if {
	some c in containers
	some key, chosen in c.value
	lower(key) == "image"
	not is_null(chosen)
}

# A volume is an image, or its driver is told of one.
images contains {"path": pointer.join(place, names), "image": chosen, "gap": ""} if {
	some node in nodes
	endswith(node.key, "volumes")
	some i, volume in members(node.value)
	some names in [["image", "reference"], ["csi", "volumeAttributes", "image"]]
	some chosen in fold.under(volume, names)
	not is_null(chosen)
	place := pointer.join("", array.concat(node.path, [i]))
}
