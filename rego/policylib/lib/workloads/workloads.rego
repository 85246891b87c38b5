# METADATA
# title: Workloads
# description: The kinds that run pods, and where their pod spec stands.
package policylib.lib.workloads

import rego.v1

import data.policylib.lib.inert
import data.policylib.lib.read
import data.policylib.lib.review

templated := ["spec", "template", "spec"]

# Built into Kubernetes, whatever the group says: a group without a dot is never a custom resource's.
builtin := {
	"pod": ["spec"],
	"podtemplate": ["template", "spec"],
	"replicationcontroller": templated,
	"deployment": templated,
	"statefulset": templated,
	"daemonset": templated,
	"replicaset": templated,
	"job": templated,
	"cronjob": ["spec", "jobTemplate", "spec", "template", "spec"],
}

# Custom resources that run pods from one path.
custom := {
	"argoproj.io/rollout": templated,
	"serving.knative.dev/service": templated,
	"serving.knative.dev/configuration": templated,
	"serving.knative.dev/revision": ["spec"],
}

known_path := builtin[review.kind] if not contains(review.group, ".")

known_path := custom[review.id]

default is_known := false

is_known if known_path

# A Rollout may borrow its template from another workload, which is judged itself.
borrows_template if {
	review.id == "argoproj.io/rollout"
	is_object(read.dig(review.document, ["spec", "workloadRef"], null))
	is_null(read.dig(review.document, ["spec", "template"], null))
}

# The places of pod specs that must run containers: array of path segments.
required contains known_path if not borrows_template

required contains path if {
	not is_known
	not inert.is_inert
	judged_by_shape
	some path in shapes
}

# No kind, no group, or a workload's name under another group: what it looks like is what it is.
judged_by_shape if not contains(review.group, ".")

judged_by_shape if review.kind == ""

judged_by_shape if builtin[review.kind]

shapes contains ["spec"] if has_containers(read.at(review.document, "spec", null))

shapes contains templated if present(["spec", "template", "spec"])

shapes contains ["template", "spec"] if present(["template", "spec"])

shapes contains builtin.cronjob if present(["spec", "jobTemplate"])

present(path) if not is_null(read.dig(review.document, path, null))

has_containers(spec) if {
	is_object(spec)
	some key, _ in spec
	lower(key) == "containers"
}
