package policylib.tier.assigned_test

import rego.v1

import data.policylib.tier.assigned

label := "policylib.dev/service"

known := {"catalog": {"services": {
	"web": {"tier": "gold", "owner": "platform", "oncall": "#oncall-core"},
	"odd": {"tier": "Gold", "owner": "TBD"},
}}}

of(document) := {"review": {"object": document}}

catalog(services) := of({"apiVersion": "policylib.dev/v1", "kind": "ServiceCatalog", "services": services})

pod(labels) := of({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": labels}, "spec": {"containers": []}})

violation(msg, path, service, tier) := {"msg": msg, "details": {"path": path, "service": service, "tier": tier}}

test_the_catalog_of_the_plan if {
	assigned.violation == set() with input as catalog({
		"gateway": {"tier": "gold", "oncall": "#oncall-core", "owner": "platform"},
		"docs-api": {"tier": "gold", "oncall": "#oncall-core", "owner": "backend"},
		"ingest": {"tier": "silver", "oncall": "#oncall-core", "owner": "backend"},
	})
}

test_gaps_in_a_catalog if {
	assigned.violation == {
		violation(
			`service "web", held to gold, has none of the tiers gold, silver and bronze`,
			"/services/web/tier", "web", "gold",
		),
		violation(`service "web", held to gold, names no owner`, "/services/web/owner", "web", "gold"),
		violation(`service "web", held to gold, names nobody on call`, "/services/web/oncall", "web", "gold"),
	} with input as catalog({"web": {"tier": "Gold", "owner": "TODO", "oncall": false}})
	assigned.violation == {violation(`silver service "a b" has a name that no label could name`, "/services/a b", "a b", "silver")}
		with input as catalog({"a b": {"tier": "silver", "owner": "x1", "oncall": "y1"}})
}

test_a_catalog_is_a_map if {
	every services in [null, [], "x", {}] {
		assigned.violation == {violation("the catalog holds no map of services", "/services", "", "")} with input as catalog(services)
	}
	assigned.violation == {violation("the catalog has services whose names differ in case alone", "/services", "", "")}
		with input as catalog({"web": known.catalog.services.web, "Web": known.catalog.services.web})
}

test_what_runs_for_a_service if {
	assigned.violation == set() with input as pod({label: "web"}) with data.settings as known
}

test_what_runs_for_none if {
	path := "/metadata/labels/policylib.dev~1service"
	assigned.violation == {violation("what runs here names no service: it lacks the label policylib.dev/service", path, "", "gold")}
		with input as pod({}) with data.settings as known
	expected := {violation(`what runs here names service "api", which is not in the catalog`, path, "api", "gold")}
	assigned.violation == expected with input as pod({label: "api"}) with data.settings as known
}

test_what_runs_for_a_service_that_lacks_something if {
	path := "/metadata/labels/policylib.dev~1service"
	assigned.violation == {
		violation(
			`what runs here names service "odd", which has none of the tiers gold, silver and bronze`,
			path, "odd", "gold",
		),
		violation(`what runs here names service "odd", which names no owner`, path, "odd", "gold"),
		violation(`what runs here names service "odd", which names nobody on call`, path, "odd", "gold"),
	} with input as pod({label: "odd"}) with data.settings as known
}

test_what_runs_nothing_passes if {
	every document in [null, "x", {}, {"apiVersion": "v1", "kind": "Service"}, {"apiVersion": "v1", "kind": "ConfigMap"}] {
		assigned.violation == set() with input as of(document)
	}
}
