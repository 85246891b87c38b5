# METADATA
# title: Tekton
# description: Where a step or sidecar must name its image, and where a step may take it from elsewhere.
package policylib.lib.tekton

import rego.v1

import data.policylib.lib.custom_resources.containers
import data.policylib.lib.custom_resources.nodes
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind

# A StepAction is one step.
images contains {"path": "/spec/image", "image": chosen, "gap": ""} if {
	group_kind == "tekton.dev/stepaction"
	chosen := read.dig(document, ["spec", "image"], null)
}

images contains {"path": pointer.join("", array.concat(c.path, ["image"])), "image": null, "gap": ""} if {
	api_group == "tekton.dev"
	some c in containers
	c.key in {"steps", "sidecars"}
	is_null(read.at(c.value, "image", null))
	not borrows_image(document, c)
}

images contains {"path": pointer.join("", path), "image": null, "gap": "holds no step"} if {
	some spec in task_specs
	count(read.list(spec.value, "steps")) == 0
	path := array.concat(spec.path, ["steps"])
}

images contains {"path": pointer.join("", path), "image": null, "gap": "is not an object"} if {
	some spec in task_specs
	some key in ["sidecars", "steps"]
	some i, item in read.list(spec.value, key)
	not is_object(item)
	path := array.concat(spec.path, [key, i])
}

# Where the steps of a task stand: in itself, or in whatever runs it.
task_specs contains {"path": ["spec"], "value": read.at(document, "spec", null)} if {
	group_kind in {"tekton.dev/clustertask", "tekton.dev/task"}
}

task_specs contains {"path": node.path, "value": node.value} if {
	api_group == "tekton.dev"
	some node in nodes
	node.key == "taskspec"
	not is_null(node.value)
	not is_custom(node.value)
}

# A custom task has a kind and is its own controller's.
is_custom(spec) if read.text(spec, "kind") != ""

# A step may refer to a StepAction, which is judged itself.
borrows_image(_, c) if {
	c.key == "steps"
	not is_null(read.at(c.value, "ref", null))
}

# The template of the steps is judged where it stands.
borrows_image(x, c) if {
	c.key == "steps"
	template := array.concat(array.slice(c.path, 0, count(c.path) - 2), ["stepTemplate", "image"])
	not is_null(read.dig(x, template, null))
}
