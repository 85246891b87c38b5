package policylib.lib.owners_test

import rego.v1

import data.policylib.lib.owners

uid := "1b4e28ba-2fa1-11d2-883f-0016d3cca427"

owned(owner) := {"metadata": {"ownerReferences": [owner]}}

by(version, kind) := {"apiVersion": version, "kind": kind, "name": "web", "uid": uid, "controller": true}

test_an_owner_answers_for_what_it_made if {
	every pair in [
		["apps/v1", "ReplicaSet"], ["apps/v1", "StatefulSet"], ["apps/v1", "DaemonSet"], ["batch/v1", "Job"],
		["v1", "ReplicationController"], ["argoproj.io/v1alpha1", "Workflow"], ["tekton.dev/v1", "TaskRun"],
		["tekton.dev/v1beta1", "TaskRun"],
	] {
		owners.is_owned(owned(by(pair[0], pair[1])), "pod")
	}
	owners.is_owned(owned(by("apps/v1", "Deployment")), "replicaset")
	owners.is_owned(owned(by("argoproj.io/v1alpha1", "Rollout")), "replicaset")
	owners.is_owned(owned(by("serving.knative.dev/v1", "Revision")), "deployment")
	owners.is_owned(owned(by("apps.openshift.io/v1", "DeploymentConfig")), "replicationcontroller")
}

test_what_is_no_owner if {
	good := by("apps/v1", "ReplicaSet")
	every owner in [
		null, "x", {}, object.union(good, {"controller": false}), object.union(good, {"controller": "true"}),
		object.remove(good, ["controller"]), object.union(good, {"uid": ""}), object.union(good, {"uid": "x"}),
		object.union(good, {"uid": concat("", [uid, "0"])}), object.remove(good, ["uid"]), object.union(good, {"name": " "}),
		by("apps/v1", "Deployment"), by("v1", "ReplicaSet"), by("v1", "Node"), by("example.com/v1", "ReplicaSet"),
	] {
		not owners.is_owned(owned(owner), "pod")
	}
	not owners.is_owned(owned(by("apps/v1", "Deployment")), "deployment")
	not owners.is_owned(owned(good), "statefulset")
}

test_strange_documents_are_not_owned if {
	every document in [null, "x", {}, {"metadata": null}, {"metadata": {"ownerReferences": null}}, {"metadata": {"ownerReferences": {}}}] {
		not owners.is_owned(document, "pod")
	}
	not owners.is_owned(owned(by("apps/v1", "ReplicaSet")), "")
}
