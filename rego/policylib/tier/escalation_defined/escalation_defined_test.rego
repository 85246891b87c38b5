package policylib.tier.escalation_defined_test

import rego.v1

import data.policylib.tier.escalation_defined

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
		escalation_defined.violation == set() with input as {"review": {"object": document}}
	}
}

two := [{"who": "#oncall-core"}, {"who": "head-of-platform", "after": "15m"}]

reaches(n, least) := sprintf("has %d of the %d levels of escalation that its tier demands within its rto", [n, least])

test_enough if {
	every tier in ["gold", "silver", "bronze"] {
		escalation_defined.violation == set() with input as holding({"tier": tier, "escalation": two})
	}
	escalation_defined.violation == set() with input as holding({"tier": "silver", "escalation": [{"who": "a"}]})
	escalation_defined.violation == set() with input as holding({"tier": "bronze"})
}

test_too_few if {
	every levels in [null, [], {}, "a", {"who": "a"}] {
		escalation_defined.violation == {violation("gold", "escalation", reaches(0, 2))}
			with input as holding({"tier": "gold", "escalation": levels})
	}
	every levels in [[{"who": "a"}], [{"who": "a"}, {"who": "A", "after": "5m"}], [{"who": "a"}, {"who": "b", "after": "2h"}]] {
		escalation_defined.violation == {violation("gold", "escalation", reaches(1, 2))}
			with input as holding({"tier": "gold", "escalation": levels})
	}
	escalation_defined.violation == {violation("silver", "escalation", reaches(0, 1))} with input as holding({"tier": "silver"})
}

test_each_level_is_judged if {
	levels := array.concat(two, [{"who": "TODO", "after": "20m"}])
	escalation_defined.violation == {violation("bronze", "escalation/2", "has a level of escalation that names nobody")}
		with input as holding({"tier": "bronze", "escalation": levels})
}

test_the_time_is_that_of_the_tier if {
	late := holding({"tier": "gold", "escalation": [{"who": "a"}, {"who": "b", "after": "2h"}]})
	escalation_defined.violation == set() with input as late with data.settings as settings_of("rto", "2h")
}

test_malformed_settings if {
	given := holding({"tier": "gold", "escalation": two})
	escalation_defined.violation == {malformed("escalation")} with input as given with data.settings as settings_of("escalation", "2")
	malformed("rto") in escalation_defined.violation with input as given with data.settings as settings_of("rto", "soon")
}
