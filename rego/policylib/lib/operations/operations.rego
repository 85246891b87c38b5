# METADATA
# title: Patch operations
# description: What the operations of a JSON patch put where.
# related_resources:
#   - https://www.rfc-editor.org/rfc/rfc6902
package policylib.lib.operations

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.read

# The pieces of a list of operations, all at one path.
pieces(path, list) := ({{"form": "override", "path": path, "value": tree, "flat": true} |
	some operation in list
	some tree in trees(operation)
} | {{"form": "image", "path": path, "value": {key: value}, "flat": true} |
	some operation in list
	some target in fold.at(operation, "path")
	is_string(target)
	key := read.last(keys(target))
	fold.lowered(key) in {"newname", "newtag", "tagsuffix"}
	some value in given(operation)
}) | {{"form": "gap", "path": path, "value": "may choose an image out of sight", "flat": true} |
	some operation in list
	copies_image(operation)
}

# What is set, under the last keys of its path: they tell what it is. What is removed is cleared.
# What has no path is no operation, and is read as a merge.
trees(operation) := {hung(keys(target), value) |
	some target in fold.at(operation, "path")
	is_string(target)
	some value in given(operation)
} if {
	count(fold.at(operation, "path")) > 0
} else := {operation}

given(operation) := {null} if {
	"remove" in fold.at(operation, "op")
} else := set() if {
	"test" in fold.at(operation, "op")
} else := {value | some value in fold.at(operation, "value")}

keys(target) := [replace(replace(key, "~1", "/"), "~0", "~") | some key in split(target, "/")]

hung(path, value) := {path[count(path) - 2]: {path[count(path) - 1]: value}} if {
	count(path) > 1
} else := {read.last(path): value}

# What stands elsewhere is not seen here.
copies_image(operation) if {
	count(fold.at(operation, "from")) > 0
	some target in fold.at(operation, "path")
	is_string(target)
	regex.match(pattern, lower(target))
}

pattern := concat("", [
	`(?:image|images|reference|tag|digest|repository|registry|newname|newtag|helm|kustomize)\z`,
	`|(?:containers?|volumes|steps|sidecars|script|template|spec|jobtemplate|values|valuesobject)(?:/[^/]*)?\z|\A\z`,
])
