package policylib.tier.recovery_defined_test

import rego.v1

import data.policylib.tier.recovery_defined

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
		recovery_defined.violation == set() with input as {"review": {"object": document}}
	}
}

test_soon_enough if {
	every tier, limits in {"gold": ["1h", "5m"], "silver": ["4h", "1h"], "bronze": ["24h", "1d"]} {
		recovery_defined.violation == set() with input as holding({"tier": tier, "rto": limits[0], "rpo": limits[1]})
	}
	recovery_defined.violation == set() with input as holding({"tier": "gold", "rto": "30s", "rpo": "0s"})
}

test_missing if {
	both := {violation("gold", "rto", "has no rto"), violation("gold", "rpo", "has no rpo")}
	recovery_defined.violation == both with input as holding({"tier": "gold"})
	recovery_defined.violation == {violation("bronze", "rpo", "has no rpo")} with input as holding({"tier": "bronze", "rto": "24h"})
}

test_too_long if {
	recovery_defined.violation == {violation("gold", "rto", "has as its rto 61m, and its tier allows 1h")}
		with input as holding({"tier": "gold", "rto": "61m", "rpo": "5m"})
	recovery_defined.violation == {violation("silver", "rpo", "has as its rpo 1d, and its tier allows 1h")}
		with input as holding({"tier": "silver", "rto": "4h", "rpo": "1d"})
}

test_no_duration if {
	expected := {
		violation("gold", "rto", "has as its rto what is no duration such as 1h30m"),
		violation("gold", "rpo", "has as its rpo what is no duration such as 1h30m"),
	}
	every odd in ["soon", 60, true, "TBD", "1 h", ["1h"]] {
		recovery_defined.violation == expected with input as holding({"tier": "gold", "rto": odd, "rpo": odd})
	}
}

test_settings if {
	given := holding({"tier": "gold", "rto": "1h", "rpo": "5m"})
	recovery_defined.violation == {violation("gold", "rto", "has as its rto 1h, and its tier allows 15m")} with input as given
		with data.settings as settings_of("rto", "15m")
	recovery_defined.violation == {malformed("rto")} with input as given with data.settings as settings_of("rto", 5)
	recovery_defined.violation == {malformed("rpo")} with input as given with data.settings as settings_of("rpo", "")
}
