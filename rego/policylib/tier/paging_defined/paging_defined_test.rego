package policylib.tier.paging_defined_test

import rego.v1

import data.policylib.tier.paging_defined

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
		paging_defined.violation == set() with input as {"review": {"object": document}}
	}
}

why := "names neither the policy nor the schedule by which somebody is paged"

test_somebody_is_paged if {
	every paging in [
		{"policy": "core-24x7"}, {"schedule": "core"}, {"policy": "core", "schedule": "core"}, {"policy": "core", "schedule": null},
	] {
		every tier in ["gold", "silver", "bronze"] {
			paging_defined.violation == set() with input as holding({"tier": tier, "paging": paging})
		}
	}
}

test_nobody_is_paged if {
	every paging in [
		null, "core", true, [], {}, {"policy": null}, {"policy": "TBD"}, {"policy": "core", "schedule": "none"}, {"policy": ["core"]},
		{"Policy": "core"}, {"channel": "#core"}, [{"policy": "core"}],
	] {
		paging_defined.violation == {violation("gold", "paging", why)} with input as holding({"tier": "gold", "paging": paging})
	}
	paging_defined.violation == {violation("silver", "paging", why)} with input as holding({"tier": "silver"})
}

test_where_nobody_need_be if {
	paging_defined.violation == set() with input as holding({"tier": "bronze", "paging": "none"})
	paging_defined.violation == set() with input as holding({"tier": "gold"}) with data.settings as settings_of("paging", false)
}

test_malformed_settings if {
	paging_defined.violation == {malformed("paging")} with input as holding({"tier": "gold"}) with data.settings as settings_of("paging", "no")
}
