package policylib.tier.redundancy_test

import rego.v1

import data.policylib.tier.redundancy

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
		redundancy.violation == set() with input as {"review": {"object": document}}
	}
}

label := "policylib.dev/service"

known := {"catalog": {"services": {"web": {"tier": "silver"}}}}

test_a_workload if {
	of := {"review": {"object": {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"labels": {label: "web"}},
		"spec": {"replicas": 1},
	}}}
	redundancy.violation == {{
		"msg": `the deployment of silver service "web" has 1 of the 2 copies that its tier demands`,
		"details": {"path": "/spec/replicas", "service": "web", "tier": "silver"},
	}} with input as of with data.settings as known
	redundancy.violation == {{
		"msg": "the deployment, held to gold, has 1 of the 3 copies that its tier demands",
		"details": {"path": "/spec/replicas", "service": "web", "tier": "gold"},
	}} with input as of
}

test_a_disruption_budget if {
	of := {"review": {"object": {
		"apiVersion": "policy/v1",
		"kind": "PodDisruptionBudget",
		"metadata": {"labels": {label: "web"}},
		"spec": {"maxUnavailable": "100%", "selector": {"matchLabels": {"app": "web"}}},
	}}}
	redundancy.violation == {{
		"msg": `the poddisruptionbudget of silver service "web" lets all of 2 copies go at once by its maxUnavailable`,
		"details": {"path": "/spec/maxUnavailable", "service": "web", "tier": "silver"},
	}} with input as of with data.settings as known
}

test_the_word_of_a_catalog if {
	redundancy.violation == set() with input as holding({"tier": "gold", "disruption_budget": {"maxUnavailable": 1}})
	redundancy.violation == set() with input as holding({"tier": "bronze"})
	redundancy.violation == {violation("gold", "disruption_budget", "has no disruption budget")}
		with input as holding({"tier": "gold"})
}

test_autoscaled_is_true_or_false if {
	good := {"tier": "gold", "disruption_budget": {"maxUnavailable": 1}}
	every value in [true, false] {
		redundancy.violation == set() with input as holding(object.union(good, {"autoscaled": value}))
	}
	every value in ["true", "yes", 1, null, [], {}] {
		redundancy.violation == {violation("gold", "autoscaled", "says of autoscaled neither true nor false")}
			with input as holding(object.union(good, {"autoscaled": value}))
	}
}

test_malformed_settings if {
	redundancy.violation == {malformed("disruption_budget")}
		with input as holding({"tier": "gold", "disruption_budget": {"maxUnavailable": 1}})
		with data.settings as settings_of("disruption_budget", "no")
}
