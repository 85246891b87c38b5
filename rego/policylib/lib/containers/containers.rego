# METADATA
# title: Containers under review
# description: Everything in the document under review that is a container, or looks like one.
package policylib.lib.containers

import rego.v1

import data.policylib.lib.custom_resources.containers as custom_containers
import data.policylib.lib.pods
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.class
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.review.pod_specs
import data.policylib.lib.workloads

# Each as path (a pointer) and value (an object).
running contains {"path": pointer.join(base, path), "value": container} if {
	class != "inert"
	some base in pod_specs
	some path, container in pods.containers(workloads.spec_at(document, base))
}

running contains {"path": pointer.join("", container.path), "value": container.value} if {
	some container in custom_containers
}

# A StepAction of Tekton is one step.
running contains {"path": "/spec", "value": step} if {
	group_kind == "tekton.dev/stepaction"
	step := read.object_at(document, "spec")
}
