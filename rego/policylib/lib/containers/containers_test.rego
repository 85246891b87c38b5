package policylib.lib.containers_test

import rego.v1

import data.policylib.lib.containers

of(document) := {"review": {"object": document}}

found contains [container.path, container.value.name] if some container in containers.running

test_a_pod if {
	spec := {
		"containers": [{"name": "a"}, null, "x"], "InitContainers": [{"name": "b"}], "ephemeralContainers": [{"name": "c"}],
		"volumes": [{"name": "d"}],
	}
	found == {["/spec/containers/0", "a"], ["/spec/InitContainers/0", "b"], ["/spec/ephemeralContainers/0", "c"]} with input as of({
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": spec,
	})
	every odd in [null, "x", {}, {"containers": "x"}, {"containers": null}] {
		found == set() with input as of({"apiVersion": "v1", "kind": "Pod", "spec": odd})
	}
}

test_custom_resources if {
	task := {"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [{"name": "a"}]}}
	found == {["/spec/steps/0", "a"]} with input as of(task)
	action := {"apiVersion": "tekton.dev/v1", "kind": "StepAction", "spec": {"name": "a"}}
	found == {["/spec", "a"]} with input as of(action)
}

test_what_runs_nothing if {
	found == set() with input as of({"spec": {"steps": []}})
	policy := {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}}
	found == set() with input as of(policy)
	map := {"apiVersion": "v1", "kind": "ConfigMap", "spec": {"containers": [{"name": "a"}]}}
	found == set() with input as of(map)
}
