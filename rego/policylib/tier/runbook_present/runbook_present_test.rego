package policylib.tier.runbook_present_test

import rego.v1

import data.policylib.tier.runbook_present

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
		runbook_present.violation == set() with input as {"review": {"object": document}}
	}
}

test_somewhere if {
	every runbook in ["https://wiki.example.com/runbooks/web", "runbooks/web.md"] {
		runbook_present.violation == set() with input as holding({"tier": "gold", "runbook": runbook})
	}
}

test_nowhere if {
	runbook_present.violation == {violation("bronze", "runbook", "has no runbook")} with input as holding({"tier": "bronze"})
	runbook_present.violation == {violation("gold", "runbook", "has a runbook that is still to be written")}
		with input as holding({"tier": "gold", "runbook": "TODO"})
	runbook_present.violation == {violation("gold", "runbook", "has a runbook that is neither an https URL nor the path of a file")}
		with input as holding({"tier": "gold", "runbook": "wiki"})
}

test_where_none_is_demanded if {
	runbook_present.violation == set() with input as holding({"tier": "gold"}) with data.settings as settings_of("runbook", false)
}

test_malformed_settings if {
	runbook_present.violation == {malformed("runbook")} with input as holding({"tier": "gold"}) with data.settings as settings_of("runbook", 0)
}
