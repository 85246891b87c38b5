package policylib.tier.chaos_drill_scheduled_test

import rego.v1

import data.policylib.tier.chaos_drill_scheduled

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
		chaos_drill_scheduled.violation == set() with input as {"review": {"object": document}}
	}
}

# 2026-03-02T12:00:00Z
at := 1772452800000000000

none := "has no chaos drill, neither a last nor a next one"

test_drilled if {
	every drill in [
		{"last": "2025-12-02T12:00:00Z"}, {"last": "2026-02-01"}, {"next": "2026-05-01"}, {"last": "2026-02-01", "next": "2026-05-01"},
	] {
		chaos_drill_scheduled.violation == set() with input as holding({"tier": "gold", "chaos_drill": drill}) with time.now_ns as at
	}
}

test_not_drilled if {
	chaos_drill_scheduled.violation == {violation("gold", "chaos_drill", none)} with input as holding({"tier": "gold"})
	expected := {violation("gold", "chaos_drill", "has its last chaos drill longer ago than its tier demands")}
	chaos_drill_scheduled.violation == expected with input as holding({"tier": "gold", "chaos_drill": {"last": "2025-01-01"}})
		with time.now_ns as at
}

test_what_is_demanded_of_gold_alone if {
	every tier in ["silver", "bronze"] {
		chaos_drill_scheduled.violation == set() with input as holding({"tier": tier, "chaos_drill": "none"})
	}
	chaos_drill_scheduled.violation == {violation("silver", "chaos_drill", none)} with input as holding({"tier": "silver"})
		with data.settings as {"tier": {"silver": {"chaos_drill_every": "180d"}}}
}

test_the_interval_is_a_setting if {
	given := holding({"tier": "gold", "chaos_drill": {"last": "2025-09-15"}})
	chaos_drill_scheduled.violation == set() with input as given with data.settings as settings_of("chaos_drill_every", "180d")
		with time.now_ns as at
	count(chaos_drill_scheduled.violation) == 1 with input as given with time.now_ns as at
	every interval in ["1d", "1ms"] {
		count(chaos_drill_scheduled.violation) == 1 with input as given with time.now_ns as at
			with data.settings as settings_of("chaos_drill_every", interval)
	}
}

test_malformed_settings if {
	every odd in [null, "0s", "quarterly", 90] {
		chaos_drill_scheduled.violation == {malformed("chaos_drill_every")} with input as holding({"tier": "gold"})
			with data.settings as settings_of("chaos_drill_every", odd)
	}
}
