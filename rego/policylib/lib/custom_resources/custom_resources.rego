# METADATA
# title: Custom resources
# description: The images of kinds that nobody declared, found by the shape of what surrounds them.
package policylib.lib.custom_resources

import rego.v1

import data.policylib.lib.inert.is_inert
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.workloads.is_known

container_lists := {"containers", "initContainers", "ephemeralContainers", "sidecars", "steps"}

container_objects := {"container", "script", "stepTemplate", "containerDisk"}

telling_keys := (container_lists | container_objects) | {"podSpecPatch", "volumes"}

default is_walked := false

is_walked if {
	not is_known
	not is_inert
}

# What stands under a telling key; a status reports and runs nothing.
nodes := [{"key": key, "path": path, "value": value} |
	is_walked
	walk(document, [path, value])
	key := read.last(path)
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

images := array.concat(container_images, volume_images)

# A container without an image is an overlay, not a gap: only images that are given are judged.
container_images := [{"at": "", "path": array.concat(c.path, ["image"]), "image": image} |
	some c in containers
	image := object.get(c.value, "image", null)
	not is_null(image)
]

volume_images := [{"at": "", "path": path, "image": reference} |
	some node in nodes
	node.key == "volumes"
	is_array(node.value)
	some i, volume in node.value
	reference := read.dig(volume, ["image", "reference"], null)
	not is_null(reference)
	path := array.concat(node.path, [i, "image", "reference"])
]
