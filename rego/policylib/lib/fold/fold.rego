# METADATA
# title: Folded keys
# description: Reads objects whose reader takes keys in any case, as Kustomize does.
package policylib.lib.fold

import rego.v1

# The object with the given keys in place of those that differ from them in case alone.
keys(x, names) := {name: values[0] |
	some name in names
	values := at(x, name)
	count(values) > 0
}

# The values under a key in any case.
at(x, name) := [value |
	is_object(x)
	some key, value in x
	lowered(key) == lowered(name)
]

# The values under two or three keys in any case, each within the one before.
under(x, [first, second]) := [value |
	some within in at(x, first)
	some value in at(within, second)
]

under(x, [first, second, third]) := [value |
	some outer in at(x, first)
	some within in at(outer, second)
	some value in at(within, third)
]

# As Go's reader of JSON folds names, to which the long s is an s.
lowered(key) := replace(lower(key), "\u017f", "s")

# Of two keys that differ in case alone it is up to the reader which counts: a set of path, image, why.
faults(base, x) := {{"path": base, "image": "", "why": "holds keys that differ in case alone"} | is_ambiguous(x)}

is_ambiguous(x) if {
	is_object(x)
	count(object.keys(x)) > count({lowered(key) | some key in object.keys(x)})
}
