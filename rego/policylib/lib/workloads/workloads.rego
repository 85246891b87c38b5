# METADATA
# title: Workloads
# description: The kinds that run pods, and where their pod spec stands.
package policylib.lib.workloads

import rego.v1

import data.policylib.lib.inert.is_inert
import data.policylib.lib.read
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.review.kind

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
	"argoproj.io/rollout": "/spec/template/spec",
	"serving.knative.dev/service": "/spec/template/spec",
	"serving.knative.dev/configuration": "/spec/template/spec",
	"serving.knative.dev/revision": "/spec",
}

known := builtin[kind] if {
	not contains(api_group, ".")
} else := custom[group_kind]

default is_known := false

is_known if known

# A Rollout may borrow its template from another workload, which is judged itself.
borrows_template if {
	group_kind == "argoproj.io/rollout"
	read.filled(read.dig(document, ["spec", "workloadRef", "name"], null))
	is_null(read.dig(document, ["spec", "template"], null))
}

# The pointers to pod specs that must run containers.
required contains known if not borrows_template

required contains place if {
	not is_known
	not is_inert
	judged_by_shape
	some place in shapes
}

# No kind, no group, or a workload's name under another group: what it looks like is what it is.
judged_by_shape if not contains(api_group, ".")

judged_by_shape if kind == ""

judged_by_shape if builtin[kind]

shapes contains "/spec" if {
	some key in object.keys(read.object_at(document, "spec"))
	lower(key) == "containers"
}

shapes contains place if {
	some place in {"/spec/template/spec", "/template/spec", "/spec/jobTemplate/spec/template/spec"}
	not is_null(spec_at(document, place))
}

# A whole jobTemplate tells, even when it holds nothing.
shapes contains builtin.cronjob if {
	not is_null(read.dig(document, ["spec", "jobTemplate"], null))
}

spec_at(x, place) := read.dig(x, split(trim_prefix(place, "/"), "/"), null)
