# METADATA
# title: Argo Workflows
# description: Where a template must name its image, and where an image may hide from us.
package policylib.lib.argo_workflows

import rego.v1

import data.policylib.lib.custom_resources.containers
import data.policylib.lib.custom_resources.nodes
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.kind

kinds := {"workflow", "workflowtemplate", "clusterworkflowtemplate", "cronworkflow"}

is_workflow if {
	api_group == "argoproj.io"
	kind in kinds
}

faults contains {"path": pointer.join("", array.concat(c.path, ["image"])), "image": "", "why": "is missing"} if {
	is_workflow
	some c in containers
	c.key in {"container", "containers", "initContainers", "script", "sidecars"}
	is_null(read.at(c.value, "image", null))
	not is_default(c)
	not has_default(c.key)
}

faults contains {"path": pointer.join("", node.path), "image": "", "why": "may choose an image out of sight"} if {
	is_workflow
	some node in nodes
	node.key == "podSpecPatch"
	is_string(node.value)
	contains(node.value, "image")
}

# The defaults are judged where they stand.
keys_with_default contains c.key if {
	some c in containers
	is_default(c)
	not is_null(read.at(c.value, "image", null))
}

has_default(key) if key in keys_with_default

is_default(c) if "templateDefaults" in c.path
