# METADATA
# title: Custom resources
# description: The images of kinds that nobody declared, found by the shape of what surrounds them.
package policylib.lib.custom_resources

import rego.v1

import data.policylib.lib.image
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.class
import data.policylib.lib.review.document

container_lists := {"containers", "initContainers", "ephemeralContainers", "sidecars", "steps"}

container_objects := {"container", "script", "stepTemplate", "containerDisk"}

telling_keys := (container_lists | container_objects) | {"podSpecPatch", "volumes"}

# Most resources run nothing: their text names no telling key, and is walked in vain.
is_walked if {
	class == "undeclared"
	regex.match(concat("", [`"(?:`, concat("|", telling_keys), `)"`]), json.marshal(document))
}

# What stands under a telling key; a status reports and runs nothing.
nodes := [{"key": key, "path": path, "value": value} |
	is_walked
	walk(document, [path, value])
	key := path[count(path) - 1]
	key in telling_keys
	path[0] != "status"
]

# Everything that is shaped like a container.
containers := array.concat(
	[node |
		some node in nodes
		node.key in container_objects
		is_object(node.value)
	],
	[{"key": node.key, "path": array.concat(node.path, [i]), "value": value} |
		some node in nodes
		node.key in container_lists
		is_array(node.value)
		some i, value in node.value
		is_object(value)
	],
)

# A container without an image is an overlay, not a gap: only images that are given are judged.
faults contains {"path": pointer.join("", path), "image": chosen, "why": why} if {
	some c in containers
	chosen := object.get(c.value, "image", null)
	not is_null(chosen)
	why := image.fault(chosen)
	why != ""
	path := array.concat(c.path, ["image"])
}

faults contains {"path": pointer.join("", path), "image": chosen, "why": why} if {
	some node in nodes
	node.key == "volumes"
	is_array(node.value)
	some i, volume in node.value
	chosen := read.dig(volume, ["image", "reference"], null)
	not is_null(chosen)
	why := image.fault(chosen)
	why != ""
	path := array.concat(node.path, [i, "image", "reference"])
}
