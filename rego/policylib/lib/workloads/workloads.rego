# METADATA
# title: Workloads
# description: The kinds that run pods, and where their pod spec stands.
package policylib.lib.workloads

import rego.v1

import data.policylib.lib.read

# Built into Kubernetes, whatever the group says: a group without a dot is never a custom resource's.
builtin := {
	"pod": "/spec",
	"podtemplate": "/template/spec",
	"replicationcontroller": "/spec/template/spec",
	"deployment": "/spec/template/spec",
	"statefulset": "/spec/template/spec",
	"daemonset": "/spec/template/spec",
	"replicaset": "/spec/template/spec",
	"job": "/spec/template/spec",
	"cronjob": "/spec/jobTemplate/spec/template/spec",
}

# Custom resources that run pods from one place.
custom := {
	"argoproj.io": {"rollout": "/spec/template/spec"},
	"serving.knative.dev": {
		"service": "/spec/template/spec",
		"configuration": "/spec/template/spec",
		"revision": "/spec",
	},
}

# Where a kind keeps its pod spec, in lower case both.
known(group, kind) := builtin[kind] if {
	not contains(group, ".")
} else := custom[group][kind]

# The pointers to the pod specs that must run containers.
pod_specs(document, group, kind) := {place} if {
	place := known(group, kind)
	not borrows_template(document, group, kind)
} else := shapes(document) if {
	is_judged_by_shape(group, kind)
} else := set()

# A Rollout may borrow its template from another workload, which is judged itself.
borrows_template(document, "argoproj.io", "rollout") if {
	read.filled(read.dig(document, ["spec", "workloadRef", "name"], null))
	is_null(read.dig(document, ["spec", "template"], null))
}

# No kind, no group, or a workload's name under another group: what it looks like is what it is.
is_judged_by_shape(group, _) if not contains(group, ".")

is_judged_by_shape(_, "") := true

is_judged_by_shape(_, kind) if builtin[kind]

shapes(document) := (templates(document) | bare(document)) | jobs(document)

bare(document) := {"/spec" |
	some key in object.keys(read.object_at(document, "spec"))
	lower(key) == "containers"
}

templates(document) := {place |
	some place in {"/spec/template/spec", "/template/spec"}
	not is_null(spec_at(document, place))
}

# A whole jobTemplate tells, even when it holds nothing.
jobs(document) := {builtin.cronjob | not is_null(read.dig(document, ["spec", "jobTemplate"], null))}

spec_at(x, place) := read.dig(x, split(trim_prefix(place, "/"), "/"), null)
