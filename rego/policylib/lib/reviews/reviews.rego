# METADATA
# title: Reviews
# description: Takes lists apart, so that every rule meets one resource at a time.
package policylib.lib.reviews

import rego.v1

import data.policylib.lib.pointer
import data.policylib.lib.read

# Whatever its kind: kubectl takes an object with items apart, so items that hold an object make a
# list. A kind that says it is a list is one by whatever it holds.
is_list(document) if {
	is_array(document.items)
	is_list_of(read.text(document, "kind"), document.items)
}

is_list_of(kind, _) if endswith(lower(kind), "list")

is_list_of(_, items) if {
	some item in items
	is_object(item)
}

# Every resource in a document, each with the pointer to where it stands. A list deeper than the
# last level stays whole, and the rules refuse a list.
expand(document) := [{"path": node.path, "review": {"object": resource(node)}} |
	some level in levels(document)
	some node in level
]

levels(document) := [top, first, second, third, fourth, fifth] if {
	top := [{"path": "", "document": document, "opened": is_opened(document)}]
	first := children(top)
	second := children(first)
	third := children(second)
	fourth := children(third)
	fifth := [object.union(node, {"opened": false}) | some node in children(fourth)]
}

children(nodes) := [child |
	some node in nodes
	node.opened
	some i, item in node.document.items
	document := inherit(node.document, item)
	path := concat("/", [node.path, "items", pointer.segment(i)])
	child := {"path": path, "document": document, "opened": is_opened(document)}
]

is_opened(document) if {
	is_list(document)
} else := false

# An opened list is still judged for what stands beside its items.
resource(node) := object.remove(node.document, ["items"]) if {
	node.opened
} else := node.document

# An item that says neither is what the list is a list of.
inherit(list, item) := object.union(item, typed(list)) if {
	is_object(item)
	read.text(item, "apiVersion") == ""
	read.text(item, "kind") == ""
} else := item

typed(list) := {"apiVersion": read.text(list, "apiVersion"), "kind": kind} if {
	kind := regex.replace(read.text(list, "kind"), `[Ll][Ii][Ss][Tt]\z`, "")
	kind != ""
} else := {}
