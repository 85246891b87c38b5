package policylib.lib.shortages_test

import rego.v1

import data.policylib.lib.shortages

label := "policylib.dev/service"

known := {"catalog": {"services": {
	"web": {"tier": "silver"}, "batch": {"tier": "bronze"}, "scaled": {"tier": "gold", "autoscaled": true},
	"odd": {"tier": "gold", "autoscaled": "true"},
}}}

deployment(service, spec) := {"review": {"object": {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"labels": {label: service}},
	"spec": spec,
}}}

has(n, least) := {{"at": ["spec", "replicas"], "why": sprintf("has %d of the %d copies that its tier demands", [n, least])}}

test_enough if {
	every service, n in {"web": 2, "batch": 1, "scaled": 3, "other": 3} {
		shortages.faults == set() with input as deployment(service, {"replicas": n}) with data.settings as known
		shortages.faults == set() with input as deployment(service, {"replicas": n + 1}) with data.settings as known
		shortages.faults == has(n - 1, n) with input as deployment(service, {"replicas": n - 1}) with data.settings as known
	}
}

test_no_number_is_one_copy if {
	shortages.faults == has(1, 2) with input as deployment("web", {}) with data.settings as known
	shortages.faults == set() with input as deployment("batch", {}) with data.settings as known
}

test_what_an_autoscaler_finds if {
	shortages.faults == set() with input as deployment("scaled", {}) with data.settings as known
	shortages.faults == set() with input as deployment("scaled", {"replicas": 1}) with data.settings as known
	shortages.faults == has(2, 3) with input as deployment("scaled", {"replicas": 2}) with data.settings as known
	shortages.faults == has(0, 3) with input as deployment("scaled", {"replicas": 0}) with data.settings as known
	shortages.faults == has(1, 3) with input as deployment("odd", {}) with data.settings as known
	autoscaler := {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"labels": {label: "scaled"}}, "spec": {}}
	shortages.faults == {{"at": ["spec", "minReplicas"], "why": "has 1 of the 3 copies that its tier demands"}}
		with input as {"review": {"object": autoscaler}}
		with data.settings as known
	pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {label: "scaled"}}, "spec": {"containers": []}}
	shortages.faults == has(1, 3) with input as {"review": {"object": pod}} with data.settings as known
}

test_no_number if {
	why := "gives as its number of copies what is no whole number"
	every odd in ["2", -1, 1.5, true] {
		shortages.faults == {{"at": ["spec", "replicas"], "why": why}} with input as deployment("web", {"replicas": odd})
			with data.settings as known
	}
}

test_nothing_tells if {
	thing := {"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"pods": {"containers": [{"image": "x"}]}}}
	why := "does not say how many copies run, and its tier demands 3"
	shortages.faults == {{"at": ["spec", "replicas"], "why": why}} with input as {"review": {"object": thing}}
	shortages.faults == {{"at": ["spec", "replicas"], "why": replace(why, "3", "2")}} with input as {"review": {"object": thing}}
		with data.settings as {"tier": {"gold": {"replicas": 2}}}
	every least in [0, 1] {
		shortages.faults == set() with input as {"review": {"object": thing}} with data.settings as {"tier": {"gold": {"replicas": least}}}
	}
}

test_what_is_not_counted if {
	every document in [null, {"apiVersion": "batch/v1", "kind": "Job", "spec": {}}, {"apiVersion": "v1", "kind": "Service"}] {
		shortages.faults == set() with input as {"review": {"object": document}}
		shortages.faults == set() with input as {"review": {"object": document}} with data.settings as malformed
	}
}

malformed := {"tier": {"gold": {"replicas": "3"}}}

test_malformed_settings if {
	why := "cannot be judged, since the settings' tier.gold.replicas is malformed"
	shortages.faults == {{"at": [], "why": why}} with input as deployment("other", {"replicas": 9}) with data.settings as malformed
}
