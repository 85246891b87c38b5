# METADATA
# title: Copies
# description: How many copies of itself the resource under review runs, or lets an autoscaler run.
package policylib.lib.copies

import rego.v1

import data.policylib.lib.counts
import data.policylib.lib.images.runs
import data.policylib.lib.owners
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.kind

# Kubernetes' own kinds stand in groups without a dot.
default group := ""

group := api_group if contains(api_group, ".")

# One copy where they say nothing, unless an autoscaler finds the number.
replicated := {
	"": {"deployment", "replicaset", "replicationcontroller", "statefulset"},
	"argoproj.io": {"rollout"},
}

# What runs once on each node, runs to its end, or is run by something else.
uncounted := {
	"": {"cronjob", "daemonset", "job", "podtemplate"},
	"argoproj.io": {"clusterworkflowtemplate", "cronworkflow", "workflow", "workflowtemplate"},
	"tekton.dev": {"clustertask", "pipeline", "pipelinerun", "stepaction", "task", "taskrun"},
}

is_in(kinds, g, k) if kinds[g][k]

is_autoscaler if {
	group == ""
	kind == "horizontalpodautoscaler"
}

default is_counted := false

is_counted if is_autoscaler

is_counted if {
	runs
	not is_in(uncounted, group, kind)
	not owners.is_owned(document, kind)
}

# Where the number of copies stands.
default place := ["spec", "replicas"]

place := places[group][kind]

places := {
	"": {"horizontalpodautoscaler": ["spec", "minReplicas"]},
	"serving.knative.dev": {
		"configuration": ["spec", "template", "metadata", "annotations", "autoscaling.knative.dev/min-scale"],
		"revision": ["metadata", "annotations", "autoscaling.knative.dev/min-scale"],
		"service": ["spec", "template", "metadata", "annotations", "autoscaling.knative.dev/min-scale"],
	},
}

given := read.dig(document, place, null)

# Whether the number may be left out, for an autoscaler to find: then the API server puts in one,
# before it asks anybody.
default is_left_open := false

is_left_open if {
	is_null(given)
	is_in(replicated, group, kind)
}

is_left_open if {
	given == 1
	is_in(replicated, group, kind)
}

is_single if kind == "pod"

is_single if is_left_open

# The floor that an autoscaler leaves out.
is_single if {
	is_autoscaler
	is_null(given)
}

# The number of copies: -1 where it is no number, -2 where nothing tells it.
default running := -1

running := 1 if {
	is_single
} else := -2 if {
	is_null(given)
} else := given if {
	counts.is_count(given)
} else := counts.read(given) if {
	group == "serving.knative.dev"
}
