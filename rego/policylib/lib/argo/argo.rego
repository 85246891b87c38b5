# METADATA
# title: Argo CD
# description: What is wrong in the Helm values and Kustomize images that an application carries.
package policylib.lib.argo

import rego.v1

import data.policylib.lib.overrides
import data.policylib.lib.parameters
import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.values
import data.policylib.lib.yaml_text

# A source stands in many places: source, sources, templates of a set, an operation under way.
tools contains {"name": name, "base": pointer.join("", path), "value": value} if {
	group_kind in {"argoproj.io/application", "argoproj.io/applicationset"}
	walk(document, [path, value])
	name := read.last(path)
	name in {"helm", "kustomize"}
	is_object(value)
	path[0] != "status"
}

faults contains fault if {
	some tool in tools
	tool.name == "helm"
	base := pointer.child(tool.base, "valuesObject")
	some fault in values.in_override(base, read.at(tool.value, "valuesObject", null))
}

faults contains fault if {
	some tool in tools
	tool.name == "helm"
	text := read.at(tool.value, "values", null)
	not is_null(text)
	some fault in yaml_text.faults(pointer.child(tool.base, "values"), text)
}

faults contains {"path": path, "image": fault.image, "why": fault.why} if {
	some tool in tools
	tool.name == "helm"
	some fault in parameters.faults(read.list(tool.value, "parameters"))
	path := pointer.join(tool.base, ["parameters", fault.index, "value"])
}

faults contains fault if {
	some tool in tools
	tool.name == "kustomize"
	base := pointer.child(tool.base, "images")
	some fault in overrides.faults(base, read.at(tool.value, "images", null))
}

faults contains fault if {
	some tool in tools
	tool.name == "kustomize"
	some fault in patches.faults(tool.base, tool.value)
}

faults contains {"path": pointer.child(tool.base, "parameters"), "image": "", "why": "is not a list"} if {
	some tool in tools
	tool.name == "helm"
	parameters_given := read.at(tool.value, "parameters", null)
	not is_null(parameters_given)
	not is_array(parameters_given)
}

# The patch of a set is a template, which nothing here can resolve: only plain text may pin an image.
faults contains {"path": "/spec/templatePatch", "image": "", "why": "may choose an image out of sight"} if {
	group_kind == "argoproj.io/applicationset"
	patches.hides_image(read.text(read.object_at(document, "spec"), "templatePatch"))
}
