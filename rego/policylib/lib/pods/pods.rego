# METADATA
# title: Pod specs
# description: Every place in a known pod spec that names an image, and every gap that hides one.
package policylib.lib.pods

import rego.v1

import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review
import data.policylib.lib.workloads

container_lists := {"containers", "initcontainers", "ephemeralcontainers"}

specs contains {"path": pointer.join("", path), "value": value} if {
	some path in workloads.required
	value := read.dig(review.document, path, null)
}

# A key in the wrong case is judged as what it imitates.
lists contains {"key": lower(key), "path": pointer.child(spec.path, key), "value": value} if {
	some spec in specs
	is_object(spec.value)
	some key, value in spec.value
	lower(key) in (container_lists | {"volumes"})
}

items contains {"key": list.key, "path": pointer.child(list.path, i), "value": value} if {
	some list in lists
	is_array(list.value)
	some i, value in list.value
}

# Places to judge: the image is null where none is given.
images contains {"path": pointer.child(item.path, "image"), "image": image} if {
	some item in items
	item.key in container_lists
	is_object(item.value)
	image := read.at(item.value, "image", null)
}

images contains {"path": path, "image": read.at(image, "reference", null)} if {
	some item in items
	item.key == "volumes"
	image := read.at(item.value, "image", null)
	not is_null(image)
	path := concat("/", [item.path, "image", "reference"])
}

gaps contains {"path": path, "why": "holds no container"} if {
	some spec in specs
	count(read.list(spec.value, "containers")) == 0
	path := pointer.child(spec.path, "containers")
}

gaps contains {"path": list.path, "why": "is not a list"} if {
	some list in lists
	not is_null(list.value)
	not is_array(list.value)
}

gaps contains {"path": item.path, "why": "is not an object"} if {
	some item in items
	not is_object(item.value)
}
