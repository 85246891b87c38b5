package policylib.lib.disruptions_test

import rego.v1

import data.policylib.lib.disruptions

known := {"catalog": {"services": {"web": {"tier": "silver"}, "batch": {"tier": "bronze"}}}}

named(service) := {"matchLabels": {"policylib.dev/service": service}}

of(spec) := {"review": {"object": {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "spec": spec}}}

all_of_2 := {"at": ["spec", "maxUnavailable"], "why": "lets all of 2 copies go at once by its maxUnavailable"}

all_of_3 := {"at": ["spec", "maxUnavailable"], "why": "lets all of 3 copies go at once by its maxUnavailable"}

test_the_tier_says_how_many_copies_there_are if {
	disruptions.faults == set() with input as of({"maxUnavailable": 1, "selector": named("web")}) with data.settings as known
	disruptions.faults == {all_of_2} with input as of({"maxUnavailable": 2, "selector": named("web")}) with data.settings as known
	disruptions.faults == set() with input as of({"maxUnavailable": 2, "selector": named("other")}) with data.settings as known
	disruptions.faults == {all_of_3} with input as of({"maxUnavailable": 3, "selector": named("other")}) with data.settings as known
}

test_a_tier_that_demands_none if {
	disruptions.faults == set() with input as of({"maxUnavailable": "100%", "selector": named("batch")}) with data.settings as known
	demanding := object.union(known, {"tier": {"bronze": {"disruption_budget": true}}})
	disruptions.faults == {all_of_2} with input as of({"maxUnavailable": 2, "selector": named("batch")}) with data.settings as demanding
}

test_a_selector if {
	why := {{"at": ["spec", "selector"], "why": "selects no pods, or all of its namespace"}}
	every selector in [null, {}, "x", {"matchLabels": {}}, {"matchLabels": ["x"]}, {"matchExpressions": []}, {"matchExpressions": {}}] {
		disruptions.faults == why with input as of({"minAvailable": 1, "selector": selector})
	}
	disruptions.faults == why with input as of({"minAvailable": 1})
	disruptions.faults == set() with input as of({"minAvailable": 1, "selector": {"matchExpressions": [{"key": "app"}]}})
	batch := {"review": {"object": {
		"apiVersion": "policy/v1",
		"kind": "PodDisruptionBudget",
		"metadata": {"labels": {"policylib.dev/service": "batch"}},
	}}}
	disruptions.faults == set() with input as batch with data.settings as known
}

test_a_slip_in_the_group_hides_no_budget if {
	every version in ["policy/v1beta1", "v1", "", null] {
		count(disruptions.faults) == 1 with input as {"review": {"object": {
			"apiVersion": version,
			"kind": "poddisruptionbudget",
			"spec": {"maxUnavailable": 0, "selector": named("other")},
		}}}
	}
}

test_no_spec if {
	count(disruptions.faults) == 2 with input as of(null)
	count(disruptions.faults) == 2 with input as of("x")
}

test_other_kinds if {
	every document in [
		null, {}, {"apiVersion": "apps/v1", "kind": "Deployment"}, {"apiVersion": "policy.example.com/v1", "kind": "PodDisruptionBudget"},
	] {
		disruptions.faults == set() with input as {"review": {"object": document}}
	}
}

test_the_word_of_a_catalog if {
	disruptions.demanded(disruptions.terms("gold"), ["disruption_budget"], {"maxUnavailable": 1}) == set()
	disruptions.demanded(disruptions.terms("gold"), ["disruption_budget"], null) == {{
		"at": ["disruption_budget"],
		"why": "has no disruption budget",
	}}
	disruptions.demanded(disruptions.terms("gold"), ["disruption_budget"], {"minAvailable": 0}) == {{
		"at": ["disruption_budget", "minAvailable"],
		"why": "lets all of 3 copies go at once by its minAvailable",
	}}
	disruptions.demanded(disruptions.terms("bronze"), ["disruption_budget"], null) == set()
}

test_malformed_settings if {
	malformed := {"at": [], "why": "cannot be judged, since the settings' tier.gold.disruption_budget is malformed"}
	every value in [null, "false", 0] {
		given := {"tier": {"gold": {"disruption_budget": value}}}
		disruptions.demanded(disruptions.terms("gold"), [], {"minAvailable": 1}) == {malformed} with data.settings as given
	}
	given := {"tier": {"gold": {"replicas": "many"}}}
	disruptions.demanded(disruptions.terms("gold"), [], {"maxUnavailable": 1}) == set() with data.settings as given
	count(disruptions.demanded(disruptions.terms("gold"), [], {"maxUnavailable": 2})) == 1 with data.settings as given
}
