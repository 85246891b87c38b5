package policylib.tier.slo_defined_test

import rego.v1

import data.policylib.tier.slo_defined

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
		slo_defined.violation == set() with input as {"review": {"object": document}}
	}
}

good := {"name": "requests", "indicator": "availability", "objective": 99.95}

less(percent) := sprintf("has no slo that promises the %s percent of availability that its tier demands", [percent])

test_enough if {
	slo_defined.violation == set() with input as holding({"tier": "gold", "slos": [good]})
	slo_defined.violation == set() with input as holding({"tier": "gold", "slos": {"availability": {"target": 99.99}}})
	slo_defined.violation == set() with input as holding({"tier": "silver", "slos": [object.union(good, {"objective": 99.5})]})
	slo_defined.violation == set() with input as holding({"tier": "bronze", "slos": [object.union(good, {"objective": 99})]})
}

test_none_or_too_little if {
	every slos in [null, [], {}, "99.95", [object.union(good, {"objective": 99.9})]] {
		slo_defined.violation == {violation("gold", "slos", less("99.95"))} with input as holding({"tier": "gold", "slos": slos})
	}
	slo_defined.violation == {violation("bronze", "slos", less("99"))} with input as holding({"tier": "bronze"})
}

test_each_slo_is_judged if {
	slo_defined.violation == {violation("gold", "slos/1", "has an slo without a name")}
		with input as holding({"tier": "gold", "slos": [good, {"objective": 99}]})
}

test_settings if {
	slos := {"tier": "gold", "slos": [good]}
	more := {violation("gold", "slos", less("99.99"))}
	slo_defined.violation == more with input as holding(slos) with data.settings as settings_of("slo", 99.99)
	slo_defined.violation == {malformed("slo")} with input as holding(slos) with data.settings as settings_of("slo", "99.95")
	slo_defined.violation == {malformed("slo")} with input as holding({"tier": "gold"}) with data.settings as settings_of("slo", -1)
}
