# METADATA
# title: Argo Workflows
# description: Where a template must name its image.
package policylib.lib.argo_workflows

import rego.v1

import data.policylib.lib.custom_resources.containers
import data.policylib.lib.custom_resources.nodes
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.kind

kinds := {"workflow", "workflowtemplate", "clusterworkflowtemplate", "cronworkflow"}

is_workflow if {
	api_group == "argoproj.io"
	kind in kinds
}

images contains {"path": pointer.join("", array.concat(c.path, ["image"])), "image": null, "gap": ""} if {
	is_workflow
	some c in containers
	c.key in {"container", "containers", "initcontainers", "script", "sidecars"}
	is_null(read.at(c.value, "image", null))
	not is_default(c)
	not has_default(c.key)
}

images contains {"path": pointer.join("", node.path), "image": null, "gap": "is not an object"} if {
	is_workflow
	some node in nodes
	node.key in {"container", "script"}
	is_template(array.slice(node.path, 0, count(node.path) - 1))
	not is_object(node.value)
}

images contains {"path": pointer.join("", array.concat(spec_path, ["templates"])), "image": null, "gap": gap} if {
	is_workflow
	gap := templates_gap(spec)
	gap != ""
}

# In a list of templates, in a step, or in the defaults.
is_template(path) if path[count(path) - 2] == "templates"

is_template(path) if read.last(path) in {"inline", "templateDefaults"}

default spec_path := ["spec"]

spec_path := ["spec", "workflowSpec"] if kind == "cronworkflow"

spec := read.dig(document, spec_path, null)

templates_gap(x) := "is not a list" if {
	templates := read.at(x, "templates", [])
	not is_array(templates)
	not is_null(templates)
} else := "holds no template" if {
	count(read.list(x, "templates")) == 0
	not borrows_templates(x)
} else := "holds what is not an object" if {
	some template in read.list(x, "templates")
	not is_object(template)
} else := ""

borrows_templates(x) if count(read.object_at(x, "workflowTemplateRef")) > 0

# The defaults are judged where they stand.
keys_with_default contains c.key if {
	some c in containers
	is_default(c)
	not is_null(read.at(c.value, "image", null))
}

has_default(key) if key in keys_with_default

is_default(c) if "templateDefaults" in c.path
