# METADATA
# title: Labels
# description: >-
#   What a resource says of where it belongs: in labels and annotations of its own and of its pods.
package policylib.lib.labels

import rego.v1

import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.pod_specs
import data.policylib.lib.settings
import data.policylib.lib.workloads

# The settings may name other keys.
keys[name] := named(settings.get(["labels", name], usual), usual) if {
	some name, usual in {
		"service": "policylib.dev/service",
		"region": "policylib.dev/region",
		"data_class": "policylib.dev/data-class",
		"tenant": "policylib.dev/tenant",
	}
}

named(key, _) := key if read.filled(key)

named(key, usual) := usual if not read.filled(key)

# Where metadata stands: the resource's, and that of the pods and jobs that it makes.
places contains "/metadata"

places contains concat("", [trim_suffix(place, "/spec"), "/metadata"]) if some place in pod_specs

places contains "/spec/jobTemplate/metadata"

# The labels and annotations that stand anywhere, each with its place.
given contains {"place": pointer.join(place, [kind]), "pairs": pairs} if {
	some place in places
	metadata := workloads.spec_at(document, place)
	some kind in ["annotations", "labels"]
	pairs := read.object_at(metadata, kind)
}

# All that is said: a set of name (service, region, data_class, tenant), path and value.
said contains {"name": name, "path": pointer.child(one.place, key), "value": value} if {
	some one in given
	some name, key in keys
	value := read.at(one.pairs, key, null)
	not is_null(value)
}
