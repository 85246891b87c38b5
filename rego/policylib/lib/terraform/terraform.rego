# METADATA
# title: Terraform plans
# description: The resources that a Terraform plan, or a state, leaves behind.
# related_resources:
#   - https://developer.hashicorp.com/terraform/internals/json-format
package policylib.lib.terraform

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.terraform_modules

is_plan if group_kind == "policylib.dev/terraformplan"

# The root modules of a plan's values and of a state's, by the key that they stand under.
roots[key] := module if {
	is_plan
	some key in ["planned_values", "values"]
	module := read.dig(document, [key, "root_module"], null)
	not is_null(module)
}

changes := array.concat(
	[{"path": ["resource_changes", i], "resource": change} |
		is_plan
		some i, change in read.list(document, "resource_changes")
	],
	[{"path": ["deferred_changes", i, "resource_change"], "resource": read.at(deferred, "resource_change", null)} |
		is_plan
		some i, deferred in read.list(document, "deferred_changes")
	],
)

changed := [entry |
	some change in changes
	representation := read.object_at(change.resource, "change")
	some side in sides(read.at(representation, "actions", null), read.at(representation, "after", null))
	entry := object.union(described(change.resource), {
		"path": array.concat(change.path, ["change", side]),
		"values": read.object_at(representation, side),
		"unknown": read.object_at(representation, concat("", [side, "_unknown"])),
	})
]

# What is deleted is gone, and what is forgotten stays as it was.
sides(actions, after) := set() if {
	actions == ["delete"]
	is_null(after)
} else := {"before"} if {
	actions == ["forget"]
} else := {"after", "before"} if {
	"forget" in actions
} else := {"after"}

# The values say once more what the changes say, unless somebody wrote something else into them.
repeated[entry.address] contains entry.values if some entry in changed

valued := [entry |
	some key, root in roots
	some node in terraform_modules.flat(root, [key, "root_module"])
	some i, resource in read.list(node.module, "resources")
	entry := object.union(described(resource), {
		"path": array.concat(node.path, ["resources", i, "values"]),
		"values": read.object_at(resource, "values"),
		"unknown": {},
	})
	not is_repeated(entry, repeated)
]

is_repeated(entry, known) if entry.values in known[entry.address]

# Data sources read what others keep.
resources := [entry |
	some entry in array.concat(valued, changed)
	entry.mode != "data"
]

described(resource) := {
	"address": read.text(resource, "address"),
	"mode": read.text(resource, "mode"),
	"type": lower(read.text(resource, "type")),
}
