# METADATA
# title: Terraform modules
# description: Takes the tree of modules apart, in which Terraform gives values and configuration.
package policylib.lib.terraform_modules

import rego.v1

import data.policylib.lib.read

# A module and those below it, each with the path to where it stands and what goes before the
# addresses in it. Below the eighth level nothing is read, and the plan is refused.
flat(module, path) := [node |
	some level in levels(module, path)
	some node in level
]

levels(module, path) := [first, second, third, fourth, fifth, sixth, seventh, eighth] if {
	first := [{"module": module, "path": path, "prefix": ""}]
	second := children(first)
	third := children(second)
	fourth := children(third)
	fifth := children(fourth)
	sixth := children(fifth)
	seventh := children(sixth)
	eighth := children(seventh)
}

# Values list their child modules, and a configuration calls them by a name.
children(nodes) := [child |
	some node in nodes
	some child in array.concat(listed(node), called(node))
]

listed(node) := [child |
	some i, module in read.list(node.module, "child_modules")
	child := {"module": module, "path": array.concat(node.path, ["child_modules", i]), "prefix": ""}
]

called(node) := [child |
	some name, call in read.object_at(node.module, "module_calls")
	child := {
		"module": read.at(call, "module", null),
		"path": array.concat(node.path, ["module_calls", name, "module"]),
		"prefix": concat("", [node.prefix, "module.", name, "."]),
	}
]

# What keeps the values of a module and those below from being read in full: a set of path and why.
faults(module, path) := {{"path": array.concat(node.path, [key]), "why": "is not a list of objects"} |
	some node in flat(module, path)
	some key in ["child_modules", "resources"]
	is_odd(read.at(node.module, key, []))
} | {{"path": node.path, "why": "is nested too deep to be judged"} | some node in children(levels(module, path)[7])}

is_odd(list) if not is_array(list)

is_odd(list) if {
	is_array(list)
	some item in list
	not is_object(item)
}
