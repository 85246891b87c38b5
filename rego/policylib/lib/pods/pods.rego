# METADATA
# title: Pod specs
# description: What is wrong in a known pod spec, in every place that names an image or hides one.
package policylib.lib.pods

import rego.v1

import data.policylib.lib.image
import data.policylib.lib.pointer
import data.policylib.lib.read

# The lists of a pod spec, in lower case, and where an item of each names its image.
places := {
	"containers": ["image"],
	"initcontainers": ["image"],
	"ephemeralcontainers": ["image"],
	"volumes": ["image", "reference"],
}

# What is wrong in the pod spec at a pointer: a set of path, image and why.
faults(base, spec) := {fault |
	is_object(spec)
	some key, value in spec

	# A key in the wrong case is judged as what it imitates.
	place := places[lower(key)]
	some fault in in_list(concat("/", [base, key]), place, value)
} | emptiness(base, spec)

emptiness(base, spec) := set() if {
	count(read.list(spec, "containers")) > 0
} else := {{"path": concat("/", [base, "containers"]), "image": "", "why": "holds no container"}}

in_list(base, place, list) := {{"path": path, "image": read.dig(item, place, null), "why": why} |
	some i, item in list
	why := fault_of(item, place)
	why != ""
	path := pointer.join(base, array.concat([i], below(item, place)))
} if {
	is_array(list)
} else := {{"path": base, "image": "", "why": "is not a list"} | not is_null(list)}

# Why an item of a list is at fault; "" when it is not. A volume need not be an image.
fault_of(item, place) := "is not an object" if {
	not is_object(item)
} else := "" if {
	place == places.volumes
	is_null(object.get(item, "image", null))
} else := image.fault(read.dig(item, place, null))

below(item, place) := place if {
	is_object(item)
} else := []
