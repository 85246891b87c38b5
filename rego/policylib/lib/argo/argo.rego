# METADATA
# title: Argo CD
# description: The pieces of an application that choose images.
package policylib.lib.argo

import rego.v1

import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.yaml_text

# A source stands in many places: source, sources, templates of a set, an operation under way.
tools contains {"name": name, "base": pointer.join("", path), "value": value} if {
	group_kind in {"argoproj.io/application", "argoproj.io/applicationset"}
	walk(document, [path, value])
	name := read.last(path)
	name in {"helm", "jsonnet", "kustomize", "plugin"}
	is_object(value)
	path[0] != "status"
}

# The forms of what a tool carries, by the tool's name and the key.
forms := {
	"helm": {"valuesObject": "override", "parameters": "parameters", "fileParameters": "files"},
	"jsonnet": {"extVars": "parameters", "tlas": "parameters"},
	"kustomize": {"images": "images"},
	"plugin": {"env": "parameters"},
}

pieces contains {"form": form, "path": pointer.child(tool.base, key), "value": value, "flat": false} if {
	some tool in tools
	some key, form in forms[tool.name]
	value := read.at(tool.value, key, null)
}

pieces contains yaml_text.piece(pointer.child(tool.base, "values"), text) if {
	some tool in tools
	tool.name == "helm"
	text := read.at(tool.value, "values", null)
	not is_null(text)
}

pieces contains piece if {
	some tool in tools
	tool.name == "kustomize"
	some piece in patches.pieces(tool.base, tool.value)
}

# The patch of a set is a template, which nothing here can resolve: only plain text may pin an image.
pieces contains patches.gap("/spec/templatePatch", "may choose an image out of sight") if {
	group_kind == "argoproj.io/applicationset"
	hides_image(read.text(read.object_at(document, "spec"), "templatePatch"))
}

pieces contains {"form": "reference", "path": "/spec/templatePatch", "value": chosen, "flat": true} if {
	group_kind == "argoproj.io/applicationset"
	some chosen in patches.named(read.text(read.object_at(document, "spec"), "templatePatch"))
}

hides_image(text) if patches.hides_image(text)

# What a template makes of data may have any keys.
hides_image(text) if regex.match(`\A[ \t\r\n]*\{\{-?[ ]*[.$(]|to[A-Za-z]*(?:Yaml|Json)`, text)
