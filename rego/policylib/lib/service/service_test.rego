package policylib.lib.service_test

import rego.v1

import data.policylib.lib.service

label := "policylib.dev/service"

known := {"catalog": {"services": {"web": {"tier": "silver"}, "odd": {"tier": "Gold"}, "null": null}}}

of(document) := {"review": {"object": document}}

labelled(labels) := of({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": labels}})

budget(selector) := of({"kind": "PodDisruptionBudget", "metadata": {"labels": {label: "web"}}, "spec": {"selector": selector}})

test_a_service_of_the_catalog if {
	given := labelled({label: "web", "policylib.dev/region": "eu"})
	service.fault == "" with input as given with data.settings as known
	service.named == "web" with input as given with data.settings as known
	service.tier == "silver" with input as given with data.settings as known
	service.entry == {"tier": "silver"} with input as given with data.settings as known
	service.place == "/metadata/labels/policylib.dev~1service" with input as given with data.settings as known
}

test_no_known_tier_is_held_to_gold if {
	every name in ["odd", "other", "null", "", "WEB", null, 5] {
		service.tier == "gold" with input as labelled({label: name}) with data.settings as known
	}
}

test_nothing_named if {
	every labels in [{}, null, {label: null}, {"service": "web"}, {"policylib.dev/Service": "web"}] {
		given := labelled(labels)
		service.fault == "names no service: it lacks the label policylib.dev/service" with input as given with data.settings as known
		service.place == "/metadata/labels/policylib.dev~1service" with input as given
		service.named == "" with input as given
		service.entry == null with input as given
	}
	service.fault == "names no service: it lacks the label team" with input as labelled({label: "web"})
		with data.settings as {"labels": {"service": "team"}}
}

test_names if {
	every name in ["a", "A", "7", "a.b_c-d", "web-2", concat("", ["x" | some _ in numbers.range(1, 63)])] {
		service.named == name with input as labelled({label: name})
	}
	every name in ["", "-a", "a-", ".a", "a b", "a/b", "a\n", " a", "wеb", "w\u200beb", concat("", ["x" | some _ in numbers.range(1, 64)])] {
		service.named == "" with input as labelled({label: name}) with data.settings as known
		contains(service.fault, "which is no name of a service") with input as labelled({label: name}) with data.settings as known
	}
	service.fault == "names what is no text, which is no name of a service" with input as labelled({label: ["web"]})
	service.fault == `names "w?eb", which is no name of a service` with input as labelled({label: "w\u200beb"})
}

test_what_the_catalog_does_not_hold if {
	service.fault == `names service "other", which is not in the catalog` with input as labelled({label: "other"})
		with data.settings as known
	service.fault == `names service "null", which is not in the catalog` with input as labelled({label: "null"})
		with data.settings as known
	every given in [{}, {"catalog": null}, {"catalog": {"services": ["web"]}}, {"catalog": {"services": {}}}, {"catalog": "x"}] {
		service.fault == `names service "web", and the settings hold no catalog` with input as labelled({label: "web"})
			with data.settings as given
	}
}

test_what_violations_call_it if {
	service.called == `the pod of silver service "web"` with input as labelled({label: "web"}) with data.settings as known
	every name in ["odd", "other", null] {
		service.called == "the pod, held to gold," with input as labelled({label: name}) with data.settings as known
	}
	service.called == "the pod?, held to gold," with input as of({"kind": "Pod\n"})
	service.called == "the workload, held to gold," with input as of({})
}

test_several_services if {
	given := of({
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"labels": {label: "web"}, "annotations": {label: 5}},
		"spec": {"template": {"metadata": {"labels": {label: "api"}}}},
	})
	service.fault == `names several services: "api", "web", what is no text` with input as given with data.settings as known
	service.place == "/metadata/annotations/policylib.dev~1service" with input as given
	service.named == "" with input as given
	service.tier == "gold" with input as given with data.settings as known
}

test_a_selector_names_a_service_too if {
	every selector in [
		{"matchLabels": {label: "api"}},
		{"matchExpressions": [{"key": "app", "values": ["x"]}, {"key": label, "operator": "In", "values": ["web", "api"]}]},
	] {
		service.fault == `names several services: "api", "web"` with input as budget(selector) with data.settings as known
	}
	every selector in [
		null, "x", {}, {"matchLabels": null}, {"matchLabels": {label: null}}, {"matchLabels": {label: "web"}},
		{"matchExpressions": "x"}, {"matchExpressions": [{"key": label, "values": ["web"]}]},
		{"matchExpressions": [{"key": label, "operator": "NotIn", "values": ["api"]}]},
		{"matchExpressions": [null, {"values": ["api"]}, {"key": label}, {"key": label, "values": "api"}]},
	] {
		service.fault == "" with input as budget(selector) with data.settings as known
	}
	bare := of({"kind": "PodDisruptionBudget", "spec": {"selector": {"matchLabels": {label: "web"}}}})
	service.place == "/spec/selector/matchLabels/policylib.dev~1service" with input as bare with data.settings as known
	service.tier == "silver" with input as bare with data.settings as known
	expressed := of({"spec": {"selector": {"matchExpressions": [{"key": label, "values": ["web"]}]}}})
	service.place == "/spec/selector/matchExpressions/0/values/0" with input as expressed
}
