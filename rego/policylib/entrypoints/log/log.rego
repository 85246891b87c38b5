# METADATA
# title: Decision log
# description: >-
#   What OPA writes to its decision log instead of what it was asked and what it answered. Of the input
#   it is only what identifies it, since a secret may stand anywhere in an object; of the result it is
#   what policylib decides, and nothing that merely passes the input on.
# entrypoint: true
package system.log

import rego.v1

import data.policylib.lib.read

# Whole parts are replaced: a path of OPA's cannot name a key that has a slash in it.
mask contains {"op": "upsert", "path": "/input", "value": identified}

mask contains {"op": "upsert", "path": "/result", "value": told}

mask contains {"op": "remove", "path": "/nd_builtin_cache"}

# The mask for whoever wants inputs in the log as they are, secrets included.
unmasked := set()

default entry := {}

entry := input

asked := read.at(entry, "input", null)

# A document as it is, under review, or in a request.
identified := filled(object.union(listed(asked), {
	"review": filled({"object": listed(read.at(read.object_at(asked, "review"), "object", null))}),
	"request": requested(read.object_at(asked, "request")),
}))

requested(request) := filled(object.union(
	texts(request, ["data_class", "name", "namespace", "operation", "pipeline", "region", "subResource", "tenant", "uid"]),
	{
		"kind": texts(read.object_at(request, "kind"), ["group", "kind", "version"]),
		"resource": texts(read.object_at(request, "resource"), ["group", "resource", "version"]),
		"userInfo": texts(read.object_at(request, "userInfo"), ["username"]),
		"object": listed(read.at(request, "object", null)),
		"oldObject": listed(read.at(request, "oldObject", null)),
		"from": texts(read.object_at(request, "from"), ["region"]),
		"to": texts(read.object_at(request, "to"), ["region"]),
	},
))

# A list names its items.
listed(document) := filled(object.union(named(document), {"items": [named(item) | some item in read.list(document, "items")]}))

named(document) := filled(object.union(
	texts(document, ["apiVersion", "kind"]),
	{"metadata": texts(read.object_at(document, "metadata"), ["generateName", "name", "namespace", "uid"])},
))

# The texts under some keys; what is longer than any name is none.
texts(x, keys) := {key: text |
	some key in keys
	text := read.text(x, key)
	text != ""
	count(text) <= 253
}

filled(x) := {key: part |
	some key, part in x
	count(part) > 0
}

# The values of each package that are an answer; `data.system.request`, for one, is the input again.
answers := {
	"main": ["deny", "warn"],
	"policylib/decision": ["unconfigured", "violations"],
	"residency": ["allow", "deny"],
	"system": ["main"],
}

path := trim(read.text(entry, "path"), "/")

result := read.at(entry, "result", null)

default told := null

# A value or a part of one, or a package.
told := result if {
	is_answer
} else := {name: value |
	some name in answers[path]
	value := read.at(result, name, null)
	not is_null(value)
} if {
	path in object.keys(answers)
	is_object(result)
}

is_answer if {
	some area, names in answers
	some name in names
	startswith(concat("", [path, "/"]), concat("/", [area, name, ""]))
}
