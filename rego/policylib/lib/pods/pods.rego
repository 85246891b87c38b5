# METADATA
# title: Pod specs
# description: Every place of a known pod spec that names an image or hides one.
package policylib.lib.pods

import rego.v1

import data.policylib.lib.read

# The lists of a pod spec, in lower case, and where an item of each names its image.
places := {
	"containers": {["image"]},
	"initcontainers": {["image"]},
	"ephemeralcontainers": {["image"]},
	"volumes": {["image", "reference"], ["csi", "volumeAttributes", "image"]},
}

# The images in the pod spec at a pointer: a set of path, image (as it stands, null where it is
# missing) and gap, which says what stands where images should ("" where nothing else does).
images(base, spec) := {found |
	is_object(spec)
	some key, value in spec

	# A key in the wrong case is read as what it imitates.
	some place in places[lower(key)]
	some found in in_list(concat("/", [base, key]), place, value)
} | emptiness(base, spec)

# The containers in a pod spec, by path.
containers(spec) := {[key, i]: item |
	is_object(spec)
	some key, list in spec
	["image"] in places[lower(key)]
	is_array(list)
	some i, item in list
	is_object(item)
}

emptiness(base, spec) := set() if {
	count(read.list(spec, "containers")) > 0
} else := {{"path": concat("/", [base, "containers"]), "image": null, "gap": "holds no container"}}

in_list(base, place, list) := {found |
	some i, item in list
	not is_no_image(item, place)
	found := image_at(concat("/", [base, format_int(i, 10)]), place, item)
} if {
	is_array(list)
} else := {{"path": base, "image": null, "gap": "is not a list"} | not is_null(list)}

# A volume need not be an image.
is_no_image(item, ["image", "reference"]) if {
	is_object(item)
	is_null(object.get(item, "image", null))
}

is_no_image(item, ["csi", "volumeAttributes", "image"]) if is_null(read.dig(item, ["csi", "volumeAttributes", "image"], null))

image_at(path, place, item) := {"path": within, "image": object.get(item, place, null), "gap": ""} if {
	is_object(item)
	within := concat("/", array.concat([path], place))
} else := {"path": path, "image": null, "gap": "is not an object"}
