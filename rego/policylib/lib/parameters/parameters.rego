# METADATA
# title: Helm parameters
# description: Values given one by one, as name and value with a dotted path for a name.
package policylib.lib.parameters

import rego.v1

import data.policylib.lib.cleared
import data.policylib.lib.origins
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.values

# What is wrong in a list of parameters: a set of path, image and why.
faults(base, list) := {{"path": pointer.join(base, [index, "value"]), "image": fault.image, "why": fault.why} |
	entries := entered(list)
	some path in {entry.parent | some entry in entries}
	given := block(entries, path)
	some fault in (values.faults_at(path, given) | cleared.faults_at(path, given))
	index := latest(entries, path, fault.key).index
} | gaps(base, list) if {
	is_array(list)
} else := {{"path": base, "image": "", "why": "is not a list"} | not is_null(list)}

# Where their images are from: a set of path, image and of.
named(base, list) := {{"path": pointer.join(base, [index, "value"]), "image": origin.image, "of": origin.of} |
	entries := entered(list)
	some path in {entry.parent | some entry in entries}
	registry := read.text(block(entries, ["global"]), "imageRegistry")
	some origin in origins.at(path, block(entries, path), registry)
	index := latest(entries, path, origin.key).index
} | {{"path": gap.path, "image": null, "of": "image"} | some gap in gaps(base, list)} if {
	is_array(list)
} else := {{"path": base, "image": null, "of": "image"} | not is_null(list)}

# Parameters that take their values from files, which are not seen here.
unseen(list) := [from_file(p) | some p in list] if {
	is_array(list)
} else := list

from_file(p) := object.union(p, {"value": "{{ a file }}"}) if {
	is_object(p)
} else := p

# What each parameter sets; a list in braces sets each of its items.
entered(list) := array.concat(
	[{"index": i, "parent": parent, "key": read.last(path), "value": read.at(p, "value", null)} |
		some i, p in list
		path := segments(p)
		parent := array.slice(path, 0, count(path) - 1)
	],
	[{"index": i, "parent": segments(p), "key": sprintf("[%d]", [n]), "value": trim_space(item)} |
		some i, p in list
		regex.match(`\A\{(?:[^{]|\z)`, read.text(p, "value"))
		some n, item in split(trim(p.value, "{}"), ",")
	],
)

# The entries of one parent, as the object that they would make of it.
block(entries, parent) := {key: read.at(latest(entries, parent, key), "value", null) |
	some key in {entry.key | some entry in entries; entry.parent == parent}
}

# The last parameter of a name wins.
latest(entries, parent, key) := read.last([entry |
	some entry in entries
	entry.parent == parent
	entry.key == key
])

# `web.images[0].tag` is web, images, [0], tag. A backslash makes the next character plain, even a dot.
segments(p) := split(regex.replace(plain, `\[([0-9]+)\]`, ".[$1]"), ".") if {
	plain := replace(regex.replace(read.text(p, "name"), `\\[.]`, "?"), `\`, "")
}

# What would end a value and begin another parameter; commas alone are made harmless by Argo CD.
gaps(base, list) := {{"path": pointer.join(base, [i, "name"]), "image": "", "why": "holds what begins another parameter"} |
	some i, p in list
	regex.match(`[=,{}]`, read.text(p, "name"))
} | {{"path": pointer.join(base, [i, "value"]), "image": "", "why": "holds what begins another parameter"} |
	some i, p in list
	regex.match(`\A,|,,|\\\\,|\A\{.*\}.*,`, read.text(p, "value"))
}
