# METADATA
# title: Owners
# description: >-
#   Whether a controller made a resource, and so answers for how many of it there are. It is judged
#   itself. Who creates a resource can name an owner falsely; one that does not exist costs the resource
#   its life, since Kubernetes collects what has lost its owner.
# related_resources:
#   - https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
package policylib.lib.owners

import rego.v1

import data.policylib.lib.read

makers := {
	"deployment": {"serving.knative.dev/v1 Revision"},
	"pod": {
		"apps/v1 DaemonSet", "apps/v1 ReplicaSet", "apps/v1 StatefulSet", "argoproj.io/v1alpha1 Workflow", "batch/v1 Job",
		"tekton.dev/v1 TaskRun", "tekton.dev/v1beta1 TaskRun", "v1 ReplicationController",
	},
	"replicaset": {"apps/v1 Deployment", "argoproj.io/v1alpha1 Rollout"},
	"replicationcontroller": {"apps.openshift.io/v1 DeploymentConfig"},
}

is_owned(document, kind) if {
	some owner in read.list(read.object_at(document, "metadata"), "ownerReferences")
	read.at(owner, "controller", false) == true
	concat(" ", [read.text(owner, "apiVersion"), read.text(owner, "kind")]) in makers[kind]
	read.filled(read.at(owner, "name", null))
	regex.match(`\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\z`, read.text(owner, "uid"))
}
