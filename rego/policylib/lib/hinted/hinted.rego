# METADATA
# title: Hinted images
# description: >-
#   What is wrong with the images that are told: to containers by variables and arguments, and to those
#   who add containers by annotations.
package policylib.lib.hinted

import rego.v1

import data.policylib.lib.arguments
import data.policylib.lib.containers.running
import data.policylib.lib.environment
import data.policylib.lib.environment.places
import data.policylib.lib.fold
import data.policylib.lib.image
import data.policylib.lib.image_hints
import data.policylib.lib.labels.places as places_of_labels
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.class
import data.policylib.lib.review.document
import data.policylib.lib.workloads

# A set of path, image (of any type) and why.
faults contains {"path": path, "image": fault.image, "why": fault.why} if {
	some place in places
	variables := environment.variables(place.value)
	some variable in variables
	some fault in wrong(image_hints.hint(variable.name), variable, variables)
	path := pointer.join(place.path, variable.path)
}

faults contains {"path": path, "image": fault.image, "why": fault.why} if {
	some container in running
	variables := [variable |
		some env in fold.at(container.value, "env")
		some variable in environment.variables(env)
	]
	some argument in arguments.given(container.value)
	some fault in wrong(image_hints.hint(argument.name), argument, variables)
	path := pointer.join(container.path, argument.path)
}

# What an operator says that it runs.
faults contains {"path": pointer.join("", array.concat(path, [i, "image"])), "image": chosen, "why": why} if {
	class == "undeclared"
	walk(document, [path, list])
	path[count(path) - 1] == "relatedImages"
	path[0] != "status"
	is_array(list)
	some i, related in list
	some chosen in fold.at(related, "image")
	why := image.fault(chosen)
	why != ""
}

# Whoever adds a sidecar takes its image from an annotation.
faults contains {"path": pointer.join(place, ["annotations", key]), "image": chosen, "why": why} if {
	class != "inert"
	some place in places_of_labels
	some key, chosen in read.object_at(workloads.spec_at(document, place), "annotations")
	[domain, name] := split(key, "/")
	domain in injectors
	image_hints.hint(name) == "likely"
	why := image.fault(chosen)
	why != ""
}

injectors := {
	"admission.datadoghq.com", "config.linkerd.io", "dapr.io", "inject.istio.io", "instrumentation.opentelemetry.io",
	"sidecar.istio.io", "vault.hashicorp.com",
}

wrong(hint, told, variables) := {fault |
	some one in told_values(told, variables)
	some fault in of_value(hint, one)
}

told_values(told, variables) := {told} if {
	read.at(told, "elsewhere", false)
} else := environment.expanded(told.value, variables)

of_value(hint, one) := {{"image": null, "why": "takes its image from where it is not seen"} | hint in {"likely", "sure"}} if {
	one.elsewhere
} else := {{"image": named, "why": why} |
	some named in image_hints.named(hint, one.value)
	why := image.fault(named)
	why != ""
}
