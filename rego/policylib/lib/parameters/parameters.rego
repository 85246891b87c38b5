# METADATA
# title: Helm parameters
# description: Values given one by one, as name and value with a dotted path for a name.
package policylib.lib.parameters

import rego.v1

import data.policylib.lib.cleared
import data.policylib.lib.read
import data.policylib.lib.values

# What is wrong in a list of parameters: a set of index, image and why.
faults(list) := {{"index": index, "image": fault.image, "why": fault.why} |
	some path in {parent(segments(p)) | some p in list}
	given := block(list, path)
	some fault in (values.faults_at(path, given) | cleared.faults_at(path, given))
	index := latest(list, array.concat(path, [fault.key]))
}

# The parameters of one parent, as the object that they would make of it.
block(list, path) := {key: read.at(list[index], "value", null) |
	some key in {read.last(segments(p)) | some p in list; parent(segments(p)) == path}
	index := latest(list, array.concat(path, [key]))
}

# The last parameter of a name wins.
latest(list, name) := max({i | some i, p in list; segments(p) == name})

# `web.images[0].tag` is web, images, tag.
segments(parameter) := split(regex.replace(read.text(parameter, "name"), `\[[0-9]+\]`, ""), ".")

parent(path) := array.slice(path, 0, count(path) - 1)
