# METADATA
# title: The service of a resource
# description: >-
#   Which service of the catalog in the settings a resource says it belongs to, and the tier that it is
#   held to. What names no service of the catalog is held to the strictest tier.
package policylib.lib.service

import rego.v1

import data.policylib.lib.labels.keys
import data.policylib.lib.labels.said
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.kind
import data.policylib.lib.settings
import data.policylib.lib.stated
import data.policylib.lib.tiers

key := read.text(keys, "service")

selector := read.object_at(read.object_at(document, "spec"), "selector")

# Every place that names a service, by pointer: labels, annotations, and what a selector asks for.
names[one.path] := one.value if {
	some one in said
	one.name == "service"
}

names[path] := value if {
	value := read.at(read.object_at(selector, "matchLabels"), key, null)
	not is_null(value)
	path := pointer.join("/spec/selector/matchLabels", [key])
}

names[path] := value if {
	some i, expression in read.list(selector, "matchExpressions")
	read.text(expression, "key") == key
	read.text(expression, "operator") != "NotIn"
	some j, value in read.list(expression, "values")
	path := pointer.join("/spec/selector/matchExpressions", [i, "values", j])
}

values := {value | some value in names}

# The first place that names a service, else where the label belongs.
place := min(object.keys(names) | {path |
	count(names) == 0
	path := pointer.join("/metadata/labels", [key])
})

# The one service that is named, as Kubernetes writes the value of a label; "" for none.
default named := ""

named := value if {
	count(values) == 1
	some value in values
	is_name(value)
}

is_name(x) if {
	regex.match(`\A[0-9A-Za-z](?:[0-9A-Za-z._-]{0,61}[0-9A-Za-z])?\z`, stated.text(x))
}

# The catalog that the settings hold.
registered := read.object_at(settings.get(["catalog"], {}), "services")

entry := read.at(registered, named, null)

tier := tiers.held(read.at(entry, "tier", null))

# The resource and its service, as violations call them.
called := sprintf("the %s of %s service \"%s\"", [what, tier, named]) if {
	tiers.is_tier(read.at(entry, "tier", null))
} else := sprintf("the %s, held to gold,", [what])

default what := "workload"

what := stated.shown(kind) if kind != ""

# Why no service of the catalog is named; "" when one is.
default fault := ""

fault := sprintf("names no service: it lacks the label %s", [stated.shown(key)]) if {
	count(values) == 0
} else := sprintf("names several services: %s", [list]) if {
	count(values) > 1
	list := concat(", ", sort({shown(value) | some value in values}))
} else := sprintf("names %s, which is no name of a service", [list]) if {
	named == ""
	list := concat("", {shown(value) | some value in values})
} else := sprintf("names service \"%s\", and the settings hold no catalog", [named]) if {
	count(registered) == 0
} else := sprintf("names service \"%s\", which is not in the catalog", [named]) if {
	is_null(entry)
}

shown(value) := sprintf("\"%s\"", [stated.shown(value)]) if {
	is_string(value)
} else := "what is no text"
