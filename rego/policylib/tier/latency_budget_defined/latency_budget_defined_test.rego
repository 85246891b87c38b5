package policylib.tier.latency_budget_defined_test

import rego.v1

import data.policylib.tier.latency_budget_defined

holding(entry) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "ServiceCatalog",
	"services": {"web": entry},
}}}

violation(tier, at, why) := {
	"msg": sprintf("%s service \"web\" %s", [tier, why]),
	"details": {"path": concat("/", ["/services/web", at]), "service": "web", "tier": tier},
}

settings_of(key, value) := {"tier": {"gold": {key: value}}}

malformed(key) := {
	"msg": sprintf("gold service \"web\" cannot be judged, since the settings' tier.gold.%s is malformed", [key]),
	"details": {"path": "/services/web", "service": "web", "tier": "gold"},
}

test_what_is_no_catalog_passes if {
	every document in [null, "x", {}, {"apiVersion": "v1", "kind": "Service", "services": {"web": {}}}] {
		latency_budget_defined.violation == set() with input as {"review": {"object": document}}
	}
}

test_a_budget if {
	every tier, p99 in {"gold": "500ms", "silver": "1s", "bronze": "3000ms"} {
		latency_budget_defined.violation == set() with input as holding({"tier": tier, "latency": {"p99": p99, "p50": "x"}})
	}
}

test_none if {
	every latency in [null, "500ms", [], {}, {"p99": null}, {"P99": "500ms"}, {"p95": "500ms"}] {
		latency_budget_defined.violation == {violation("gold", "latency/p99", "has no latency.p99")}
			with input as holding({"tier": "gold", "latency": latency})
	}
	latency_budget_defined.violation == {violation("bronze", "latency/p99", "has no latency.p99")} with input as holding({"tier": "bronze"})
}

test_no_duration_or_too_long if {
	expected := {violation("gold", "latency/p99", "has as its latency.p99 what is no duration such as 1h30m")}
	every p99 in [300, "300", "300s ", "fast", "300 ms", true] {
		latency_budget_defined.violation == expected with input as holding({"tier": "gold", "latency": {"p99": p99}})
	}
	long := {violation("gold", "latency/p99", "has as its latency.p99 501ms, and its tier allows 500ms")}
	latency_budget_defined.violation == long with input as holding({"tier": "gold", "latency": {"p99": "501ms"}})
}

test_settings if {
	given := holding({"tier": "gold", "latency": {"p99": "300ms"}})
	count(latency_budget_defined.violation) == 1 with input as given with data.settings as settings_of("latency_p99", "299ms")
	latency_budget_defined.violation == {malformed("latency_p99")} with input as given with data.settings as settings_of("latency_p99", 300)
}
