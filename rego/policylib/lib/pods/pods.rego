# METADATA
# title: Pod specs
# description: Every place in a known pod spec that names an image, and every gap that hides one.
package policylib.lib.pods

import rego.v1

import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.workloads
import data.policylib.lib.workloads.required

container_keys := {"containers", "initcontainers", "ephemeralcontainers"}

telling_keys := {"containers", "initcontainers", "ephemeralcontainers", "volumes"}

specs := [{"path": place, "value": workloads.spec_at(document, place)} | some place in required]

# A key in the wrong case is judged as what it imitates.
lists := [{"key": name, "at": spec.path, "path": [key], "value": value} |
	some spec in specs
	is_object(spec.value)
	some key, value in spec.value
	name := lower(key)
	name in telling_keys
]

items := [{"key": list.key, "at": list.at, "path": [list.path[0], i], "value": value} |
	some list in lists
	is_array(list.value)
	some i, value in list.value
]

# Places to judge: a pointer, the keys from there, and the image, null where none is given.
images := array.concat(container_images, volume_images)

container_images := [{"at": item.at, "path": array.concat(item.path, ["image"]), "image": image} |
	some item in items
	item.key in container_keys
	is_object(item.value)
	image := object.get(item.value, "image", null)
]

volume_images := [{"at": item.at, "path": path, "image": reference} |
	some item in items
	item.key == "volumes"
	image := read.at(item.value, "image", null)
	not is_null(image)
	reference := read.at(image, "reference", null)
	path := array.concat(item.path, ["image", "reference"])
]

gaps contains {"path": path, "why": "holds no container"} if {
	some spec in specs
	count(read.list(spec.value, "containers")) == 0
	path := pointer.child(spec.path, "containers")
}

gaps contains {"path": pointer.join(list.at, list.path), "why": "is not a list"} if {
	some list in lists
	not is_null(list.value)
	not is_array(list.value)
}

gaps contains {"path": pointer.join(item.at, item.path), "why": "is not an object"} if {
	some item in items
	not is_object(item.value)
}
