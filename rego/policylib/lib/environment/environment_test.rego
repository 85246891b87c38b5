package policylib.lib.environment_test

import rego.v1

import data.policylib.lib.environment

of(document) := {"review": {"object": document}}

paths contains place.path if some place in environment.places

test_the_variables_of_a_container if {
	env := [
		{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "x"}}}, {"name": "C"}, {"name": 5, "value": 6},
		null, {"name": "D", "value": "1", "valueFrom": null},
	]
	environment.variables(env) == [
		{"name": "A", "path": [0, "value"], "value": "1", "elsewhere": false},
		{"name": "B", "path": [1, "valueFrom"], "value": null, "elsewhere": true},
		{"name": "C", "path": [2, "value"], "value": null, "elsewhere": false},
		{"name": "", "path": [3, "value"], "value": 6, "elsewhere": false},
		{"name": "", "path": [4, "value"], "value": null, "elsewhere": false},
		{"name": "D", "path": [5, "value"], "value": "1", "elsewhere": false},
	]
	environment.variables({"A": "1"}) == [{"name": "A", "path": ["A"], "value": "1", "elsewhere": false}]
	every odd in [null, "A=1", 5, [], {}] {
		environment.variables(odd) == []
	}
}

test_places if {
	pod := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"env": []}, {"Env": []}, {}], "env": []}}
	paths == {"/spec/containers/0/env", "/spec/containers/1/env"} with input as of(pod)
	{place.value | some place in environment.places} == {[]} with input as of(pod)
	subscription := {"apiVersion": "operators.coreos.com/v1", "kind": "Subscription", "spec": {"config": {"env": []}, "x": [{"extraEnv": {}}]}}
	paths == {"/spec/config/env", "/spec/x/0/extraEnv"} with input as of(subscription)
	{place.value | some place in environment.places} == {[], {}} with input as of(subscription)
	paths == set() with input as of({"apiVersion": "example.com/v1", "kind": "Thing", "status": {"env": []}, "environment": []})
	paths == set() with input as of({"apiVersion": "v1", "kind": "ConfigMap", "env": []})
}

plain(value) := {"value": value, "elsewhere": false}

test_what_a_value_comes_to if {
	given := environment.variables([
		{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {}}, {"name": "A", "value": "2"}, {"name": "C", "value": "$(A)"},
	])
	every value in ["$(A)", "${A}", "$A"] {
		environment.expanded(value, given) == {plain("1"), plain("2")}
	}
	environment.expanded("$(B)", given) == {{"value": null, "elsewhere": true}}
	environment.expanded("$(C)", given) == {plain("$(A)")}
	every value in ["A", "$(D)", "$(A)x", "$(A)$(A)", "$(A", "", null, 5] {
		environment.expanded(value, given) == {plain(value)}
	}
}
