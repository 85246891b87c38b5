# METADATA
# title: Argo Workflows
# description: Where a template must name its image, and where an image may hide from us.
package policylib.lib.argo_workflows

import rego.v1

import data.policylib.lib.custom_resources
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review

kinds := {"workflow", "workflowtemplate", "clusterworkflowtemplate", "cronworkflow"}

is_workflow if {
	review.group == "argoproj.io"
	review.kind in kinds
}

gaps contains {"path": pointer.join("", array.concat(c.path, ["image"])), "why": "is missing"} if {
	is_workflow
	some c in custom_resources.containers
	c.key in {"container", "containers", "initContainers", "script", "sidecars"}
	is_null(read.at(c.value, "image", null))
	not "templateDefaults" in c.path
	not has_default_image(c.key)
}

# The defaults are judged where they stand.
has_default_image(key) if {
	some c in custom_resources.containers
	c.key == key
	"templateDefaults" in c.path
	not is_null(read.at(c.value, "image", null))
}

gaps contains {"path": pointer.join("", node.path), "why": "may choose an image out of sight"} if {
	is_workflow
	some node in custom_resources.nodes
	node.key == "podSpecPatch"
	is_string(node.value)
	contains(node.value, "image")
}
