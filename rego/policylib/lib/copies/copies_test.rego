package policylib.lib.copies_test

import rego.v1

import data.policylib.lib.copies

of(document) := {"review": {"object": document}}

kinded(version, kind, spec) := of({"apiVersion": version, "kind": kind, "spec": spec})

container := {"containers": [{"image": "x"}]}

uid := "1b4e28ba-2fa1-11d2-883f-0016d3cca427"

test_kinds_that_say_how_many if {
	every pair in [
		["apps/v1", "Deployment"], ["apps/v1", "StatefulSet"], ["apps/v1", "ReplicaSet"], ["v1", "ReplicationController"],
		["argoproj.io/v1alpha1", "Rollout"], ["v1", "deployment"],
	] {
		every spec in [{}, {"replicas": null}, "x", null] {
			copies.is_counted with input as kinded(pair[0], pair[1], spec)
			copies.is_left_open with input as kinded(pair[0], pair[1], spec)
			copies.running == 1 with input as kinded(pair[0], pair[1], spec)
		}
		copies.is_left_open with input as kinded(pair[0], pair[1], {"replicas": 1})
		copies.running == 1 with input as kinded(pair[0], pair[1], {"replicas": 1})
		copies.running == 3 with input as kinded(pair[0], pair[1], {"replicas": 3})
		copies.is_left_open == false with input as kinded(pair[0], pair[1], {"replicas": 3})
		copies.place == ["spec", "replicas"] with input as kinded(pair[0], pair[1], {})
		every odd in ["3", "", -3, 2.5, true, [3], {}, "three"] {
			copies.running == -1 with input as kinded(pair[0], pair[1], {"replicas": odd})
		}
	}
}

test_a_pod_is_one_copy if {
	every replicas in [null, 1, 5, "x"] {
		copies.running == 1 with input as kinded("v1", "Pod", {"replicas": replicas, "containers": []})
		copies.is_counted with input as kinded("v1", "Pod", {"replicas": replicas, "containers": []})
	}
}

test_an_autoscaler if {
	every version in ["autoscaling/v2", "autoscaling/v1", "v1"] {
		copies.is_counted with input as kinded(version, "HorizontalPodAutoscaler", {})
		copies.running == 1 with input as kinded(version, "HorizontalPodAutoscaler", {"replicas": 7})
		copies.running == 1 with input as kinded(version, "HorizontalPodAutoscaler", {"minReplicas": null})
		copies.is_left_open == false with input as kinded(version, "HorizontalPodAutoscaler", {})
		copies.is_left_open == false with input as kinded(version, "HorizontalPodAutoscaler", {"minReplicas": 1})
		copies.running == 2 with input as kinded(version, "HorizontalPodAutoscaler", {"minReplicas": 2, "replicas": 7})
		copies.running == -1 with input as kinded(version, "HorizontalPodAutoscaler", {"minReplicas": "2"})
		copies.place == ["spec", "minReplicas"] with input as kinded(version, "HorizontalPodAutoscaler", {})
	}
	copies.is_counted == false with input as kinded("example.com/v1", "HorizontalPodAutoscaler", {})
}

test_what_is_not_counted if {
	every pair in [
		["apps/v1", "DaemonSet"], ["batch/v1", "Job"], ["batch/v1", "CronJob"], ["v1", "PodTemplate"], ["v1", "Service"],
		["policy/v1", "PodDisruptionBudget"], ["example.com/v1", "Thing"],
	] {
		copies.is_counted == false with input as kinded(pair[0], pair[1], {"replicas": 1})
	}
	every kind in ["Task", "ClusterTask", "Pipeline", "PipelineRun", "StepAction", "TaskRun"] {
		copies.is_counted == false with input as kinded("tekton.dev/v1", kind, {"steps": [{"image": "x"}]})
	}
	every kind in ["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"] {
		copies.is_counted == false with input as kinded("argoproj.io/v1alpha1", kind, {"templates": [{"container": {"image": "x"}}]})
	}
	copies.is_counted == false with input as of(null)
}

test_a_kind_of_the_same_name_is_counted if {
	copies.is_counted with input as kinded("example.com/v1", "DaemonSet", {"template": {"spec": container}})
	copies.is_counted with input as kinded("serving.knative.dev/v1", "Job", {"containers": [{"image": "x"}]})
	copies.running == 2 with input as kinded("example.com/v1", "HorizontalPodAutoscaler", {"minReplicas": 1, "replicas": 2})
}

test_nothing_tells if {
	unknown := {"pods": container}
	copies.is_counted with input as kinded("example.com/v1", "Thing", unknown)
	copies.running == -2 with input as kinded("example.com/v1", "Thing", unknown)
	copies.is_left_open == false with input as kinded("example.com/v1", "Thing", unknown)
	copies.running == 4 with input as kinded("example.com/v1", "Thing", object.union(unknown, {"replicas": 4}))
	copies.running == -1 with input as kinded("example.com/v1", "Thing", object.union(unknown, {"replicas": "4"}))
}

scaled(value) := {"annotations": {"autoscaling.knative.dev/min-scale": value}}

test_knative if {
	every kind in ["Service", "Configuration"] {
		every value, number in {"3": 3, "0": 0, "x": -1, "-3": -1} {
			copies.running == number with input as kinded("serving.knative.dev/v1", kind, {"template": {"metadata": scaled(value)}})
		}
		copies.running == 3 with input as kinded("serving.knative.dev/v1", kind, {"template": {"metadata": scaled(3)}})
		copies.running == -2 with input as kinded("serving.knative.dev/v1", kind, {"replicas": 3, "template": {"spec": container}})
	}
	revision := {"apiVersion": "serving.knative.dev/v1", "kind": "Revision", "metadata": scaled("2"), "spec": container}
	copies.running == 2 with input as of(revision)
	copies.place == ["metadata", "annotations", "autoscaling.knative.dev/min-scale"] with input as of(revision)
}

test_an_owner_answers_for_what_it_made if {
	owner := {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": uid, "controller": true}
	metadata := {"ownerReferences": [owner]}
	copies.is_counted == false with input as of({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": container})
	copies.is_counted with input as of({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {}})
}
