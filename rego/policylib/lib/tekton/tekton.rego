# METADATA
# title: Tekton
# description: Where a step or sidecar must name its image, and where a step may take it from elsewhere.
package policylib.lib.tekton

import rego.v1

import data.policylib.lib.custom_resources
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review

# A StepAction is one step.
images contains {"path": "/spec/image", "image": read.dig(review.document, ["spec", "image"], null)} if {
	review.id == "tekton.dev/stepaction"
}

gaps contains {"path": pointer.join("", array.concat(c.path, ["image"])), "why": "is missing"} if {
	review.group == "tekton.dev"
	some c in custom_resources.containers
	c.key in {"steps", "sidecars"}
	is_null(read.at(c.value, "image", null))
	not borrows_image(c)
}

# A step may refer to a StepAction, which is judged itself.
borrows_image(c) if {
	c.key == "steps"
	not is_null(read.at(c.value, "ref", null))
}

# The template of the steps is judged where it stands.
borrows_image(c) if {
	c.key == "steps"
	template := array.concat(array.slice(c.path, 0, count(c.path) - 2), ["stepTemplate", "image"])
	not is_null(read.dig(review.document, template, null))
}
