# METADATA
# title: Custom resources
# description: The images of kinds that nobody declared, found by the shape of what surrounds them.
package policylib.lib.custom_resources

import rego.v1

import data.policylib.lib.inert
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review
import data.policylib.lib.workloads

container_lists := {"containers", "initContainers", "ephemeralContainers", "sidecars", "steps"}

container_objects := {"container", "script", "stepTemplate", "containerDisk"}

telling_keys := (container_lists | container_objects) | {"podSpecPatch", "volumes"}

default is_walked := false

is_walked if {
	not workloads.is_known
	not inert.is_inert
}

# What stands under a telling key; a status reports and runs nothing.
nodes contains {"key": key, "path": path, "value": value} if {
	is_walked
	walk(review.document, [path, value])
	key := read.last(path)
	key in telling_keys
	path[0] != "status"
}

# Everything that is shaped like a container.
containers contains {"key": node.key, "path": array.concat(node.path, [i]), "value": value} if {
	some node in nodes
	node.key in container_lists
	is_array(node.value)
	some i, value in node.value
	is_object(value)
}

containers contains node if {
	some node in nodes
	node.key in container_objects
	is_object(node.value)
}

# A container without an image is an overlay, not a gap: only images that are given are judged.
images contains {"path": pointer.join("", array.concat(c.path, ["image"])), "image": image} if {
	some c in containers
	image := read.at(c.value, "image", null)
	not is_null(image)
}

images contains {"path": pointer.join("", path), "image": reference} if {
	some node in nodes
	node.key == "volumes"
	is_array(node.value)
	some i, volume in node.value
	reference := read.dig(volume, ["image", "reference"], null)
	not is_null(reference)
	path := array.concat(node.path, [i, "image", "reference"])
}
