package policylib.lib.catalog_test

import rego.v1

import data.policylib.lib.catalog

of(document) := {"review": {"object": document}}

holding(services) := of({"apiVersion": "policylib.dev/v1", "kind": "ServiceCatalog", "services": services})

test_what_is_a_catalog if {
	every document in [
		{"apiVersion": "policylib.dev/v1", "kind": "ServiceCatalog"},
		{"apiVersion": "policylib.dev/v2", "kind": "servicecatalog"},
		{"apiVersion": "v1", "kind": "ServiceCatalog"},
		{"kind": "ServiceCatalog"},
		{"services": {}},
		{"apiVersion": "policylib.dev/v1", "services": []},
		{"apiVersion": "example.com/v1", "kind": "ServiceCatalog", "services": {"web": {"tier": "gold"}}},
		{"apiVersion": "v1", "kind": "ConfigMap", "services": [{"oncall": "me"}]},
	] {
		catalog.is_catalog with input as of(document)
	}
}

test_what_is_none if {
	every document in [
		null, "x", {}, {"apiVersion": "policylib.dev/v1"}, {"services": null}, {"kind": "Deployment", "services": {}},
		{"kind": "Compose", "services": {"web": {"image": "x", "tier": null}, "db": null}}, {"kind": "Compose", "services": "tier"},
		{"apiVersion": "example.com/v1", "kind": "ServiceCatalog", "services": {}}, {"apiVersion": "example.com/v1", "services": {}},
	] {
		catalog.is_catalog == false with input as of(document)
		catalog.services == set() with input as of(document)
	}
	catalog.services == set() with input as of({"kind": "Deployment", "services": {"a": {}}})
}

test_services if {
	gold := {"tier": "gold"}
	catalog.services == {
		{"name": "a/b", "path": "/services/a~1b", "entry": gold, "tier": "gold"},
		{"name": "c", "path": "/services/c", "entry": {"tier": "bronze"}, "tier": "bronze"},
		{"name": "d", "path": "/services/d", "entry": null, "tier": "gold"},
		{"name": "e", "path": "/services/e", "entry": {"tier": "Silver"}, "tier": "gold"},
	} with input as holding({"a/b": gold, "c": {"tier": "bronze"}, "d": null, "e": {"tier": "Silver"}})
}

test_services_by_tier if {
	bronze := {"name": "a", "path": "/services/a", "entry": {"tier": "bronze"}, "tier": "bronze"}
	odd := {"name": "b", "path": "/services/b", "entry": {"tier": "Silver"}, "tier": "gold"}
	none := {"name": "c", "path": "/services/c", "entry": null, "tier": "gold"}
	catalog.held == {"bronze": {bronze}, "gold": {none, odd}} with input as holding({"a": bronze.entry, "b": odd.entry, "c": null})
	count([tier | some tier, _ in catalog.held]) == 0 with input as of(null)
}

test_services_in_a_list if {
	catalog.services == {
		{"name": "0", "path": "/services/0", "entry": {"tier": "bronze"}, "tier": "bronze"},
		{"name": "1", "path": "/services/1", "entry": "x", "tier": "gold"},
	} with input as holding([{"tier": "bronze"}, "x"])
	every services in [null, "x", 5, true, [], {}] {
		catalog.services == set() with input as holding(services)
	}
}

test_a_violation_names_place_service_and_tier if {
	service := {"name": "web\n", "path": "/services/web", "entry": {"tier": "silver"}, "tier": "silver"}
	catalog.violation(service, {"at": ["slos", 0], "why": "has no name"}) == {
		"msg": `silver service "web?" has no name`,
		"details": {"path": "/services/web/slos/0", "service": "web\n", "tier": "silver"},
	}
	odd := object.union(service, {"entry": {"tier": "Silver"}, "tier": "gold"})
	catalog.violation(odd, {"at": [], "why": "has no slos"}) == {
		"msg": `service "web?", held to gold, has no slos`,
		"details": {"path": "/services/web", "service": "web\n", "tier": "gold"},
	}
}

test_parts if {
	catalog.parts({"slos": [{"name": "a"}, "x"]}, "slos") == {
		{"at": ["slos", 0], "name": "a", "item": {"name": "a"}},
		{"at": ["slos", 1], "name": null, "item": "x"},
	}
	catalog.parts({"slos": {"b": {"name": "a"}}}, "slos") == {{"at": ["slos", "b"], "name": "b", "item": {"name": "a"}}}
	every entry in [null, {}, {"slos": null}, {"slos": "x"}, {"slos": []}] {
		catalog.parts(entry, "slos") == set()
	}
}

test_collections if {
	catalog.collection([1]) == [1]
	catalog.collection({"a": 1}) == {"a": 1}
	every x in [null, "x", 5, true] {
		catalog.collection(x) == {}
	}
}
