package policylib.tier.alerts_defined_test

import rego.v1

import data.policylib.tier.alerts_defined

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
		alerts_defined.violation == set() with input as {"review": {"object": document}}
	}
}

good := {"name": "ErrorBudgetBurn", "severity": "critical"}

test_enough if {
	every tier in ["gold", "silver", "bronze"] {
		alerts_defined.violation == set() with input as holding({"tier": tier, "alerts": [good]})
	}
	alerts_defined.violation == set() with input as holding({"tier": "gold", "alerts": {"ErrorBudgetBurn": {"severity": "page"}}})
}

test_none if {
	expected := {violation("gold", "alerts", "has 0 of the 1 alerts that its tier demands")}
	every alerts in [null, [], {}, "ErrorBudgetBurn", 3, true] {
		alerts_defined.violation == expected with input as holding({"tier": "gold", "alerts": alerts})
	}
	alerts_defined.violation == set() with input as holding({"tier": "gold"}) with data.settings as settings_of("alerts", 0)
}

test_one_alert_is_not_two if {
	expected := {violation("gold", "alerts", "has 1 of the 2 alerts that its tier demands")}
	alerts_defined.violation == expected with input as holding({"tier": "gold", "alerts": [good, object.union(good, {"severity": "low"})]})
		with data.settings as settings_of("alerts", 2)
}

test_a_name_and_a_severity if {
	expected := {violation("gold", "alerts/0", "has an alert without a name")}
	every alert in [null, "x", {"severity": "critical"}, {"name": "TODO", "severity": "critical"}, {"name": 5, "severity": "critical"}] {
		alerts_defined.violation == expected with input as holding({"tier": "gold", "alerts": [alert]})
	}
	unsevere := {violation("gold", "alerts/0", "has an alert without a severity")}
	every severity in [null, "", "TBD", 1, ["critical"]] {
		alerts_defined.violation == unsevere with input as holding({"tier": "gold", "alerts": [{"name": "Burn", "severity": severity}]})
	}
	alerts_defined.violation == {violation("gold", "alerts/Burn", "has an alert without a severity")}
		with input as holding({"tier": "gold", "alerts": {"Burn": "critical"}})
}

test_malformed_settings if {
	alerts_defined.violation == {malformed("alerts")} with input as holding({"tier": "gold"}) with data.settings as settings_of("alerts", "1")
}
