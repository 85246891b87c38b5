package policylib.lib.tiers_test

import rego.v1

import data.policylib.lib.tiers

keys := {
	"slo", "rto", "rpo", "latency_p99", "chaos_drill_every", "replicas", "disruption_budget", "alerts", "paging", "escalation",
	"runbook",
}

demands(tier) := {key: tiers.demand(tier, key) | some key in keys}

test_three_tiers if {
	every tier in ["gold", "silver", "bronze"] {
		tiers.is_tier(tier)
		tiers.held(tier) == tier
	}
	every x in [null, true, 1, [], {}, "", "Gold", "GOLD", " gold", "gold ", "gold\n", "platinum", "g\u03bfld", "gold,silver"] {
		not tiers.is_tier(x)
		tiers.held(x) == "gold"
	}
}

test_defaults if {
	demands("gold") == {
		"slo": 99.95, "rto": "1h", "rpo": "5m", "latency_p99": "500ms", "chaos_drill_every": "90d", "replicas": 3,
		"disruption_budget": true, "alerts": 1, "paging": true, "escalation": 2, "runbook": true,
	}
	demands("silver") == {
		"slo": 99.5, "rto": "4h", "rpo": "1h", "latency_p99": "1s", "chaos_drill_every": null, "replicas": 2,
		"disruption_budget": true, "alerts": 1, "paging": true, "escalation": 1, "runbook": true,
	}
	demands("bronze") == {
		"slo": 99, "rto": "24h", "rpo": "24h", "latency_p99": "3s", "chaos_drill_every": null, "replicas": 1,
		"disruption_budget": false, "alerts": 1, "paging": false, "escalation": 0, "runbook": true,
	}
}

test_a_tier_is_never_weaker_than_the_next_by_default if {
	gold := demands("gold")
	silver := demands("silver")
	bronze := demands("bronze")
	every key in ["slo", "replicas", "alerts", "escalation", "disruption_budget", "paging", "runbook"] {
		gold[key] >= silver[key]
		silver[key] >= bronze[key]
	}
}

test_settings_replace_key_by_key if {
	given := {"tier": {"gold": {"slo": 99.99, "rto": "15m"}, "silver": {"chaos_drill_every": "180d"}}}
	demands("gold").slo == 99.99 with data.settings as given
	demands("gold").rto == "15m" with data.settings as given
	demands("gold").rpo == "5m" with data.settings as given
	demands("silver").chaos_drill_every == "180d" with data.settings as given
	demands("bronze").rto == "24h" with data.settings as given
}

test_without_a_section_the_defaults_hold if {
	every given in [{}, {"tier": null}, {"tier": []}, {"tier": "gold"}, {"tier": {"gold": null}}, {"tier": {"gold": ["x"]}}] {
		demands("gold").slo == 99.95 with data.settings as given
		tiers.faults("gold", "slo") == set() with data.settings as given
	}
}

test_well_formed if {
	every key, values in {
		"slo": [0, 99.95, 100],
		"rto": ["1h", "15m"],
		"rpo": ["0s", "5m"],
		"latency_p99": ["1ms"],
		"chaos_drill_every": ["90d"],
		"alerts": [0, 1],
		"escalation": [0, 3],
		"replicas": [0, 1, 3],
		"disruption_budget": [true, false],
		"paging": [true, false],
		"runbook": [true, false],
	} {
		every value in values {
			tiers.faults("gold", key) == set() with data.settings as {"tier": {"gold": {key: value}}}
		}
	}
}

test_malformed if {
	every key, values in {
		"slo": [null, "99.95", "1h", true, -1, 100.01, []],
		"rto": [null, "0s", "soon", 1, "1 h"],
		"rpo": [null, "soon", 0],
		"latency_p99": ["0ms", 300],
		"chaos_drill_every": ["0d", "quarterly", null],
		"alerts": [-1, "1", "1h", 1.5, true],
		"escalation": [null, [], -2],
		"replicas": ["3", -3, 2.5],
		"disruption_budget": [null, "true", 1],
		"paging": ["no", 0],
		"runbook": ["yes", {}],
	} {
		every value in values {
			tiers.faults("gold", key) == malformed(key) with data.settings as {"tier": {"gold": {key: value}}}
			tiers.faults("silver", key) == set() with data.settings as {"tier": {"gold": {key: value}}}
			tiers.demand("gold", key) == null with data.settings as {"tier": {"gold": {key: value}}}
		}
	}
}

hour := {"text": "1h", "ms": 3600000}

test_no_longer_than_a_limit if {
	tiers.excess("rto", "1h", hour) == ""
	tiers.excess("rto", "59m", hour) == ""
	tiers.excess("rpo", "0s", {"text": "0s", "ms": 0}) == ""
	tiers.excess("rto", "61m", hour) == "has as its rto 61m, and its tier allows 1h"
	tiers.excess("rpo", "1ms", {"text": "0s", "ms": 0}) == "has as its rpo 1ms, and its tier allows 0s"
	tiers.excess("rpo", null, hour) == "has no rpo"
	tiers.excess("rto", "0m", hour) == "has as its rto 0m, which nothing can keep"
	tiers.excess("latency.p99", "0ms", hour) == "has as its latency.p99 0ms, which nothing can keep"
	every x in ["", "soon", "1 h", 60, true, [], {}, "TBD", "none", "-1h", "1H"] {
		tiers.excess("rto", x, hour) == "has as its rto what is no duration such as 1h30m"
	}
	without := {"text": null, "ms": -1}
	tiers.excess("rto", "1ms", without) == ""
	tiers.excess("rto", "soon", without) != ""
}

test_limits if {
	tiers.limit("silver", "rpo") == hour
	tiers.limit("bronze", "chaos_drill_every") == {"text": null, "ms": -1}
	tiers.limit("gold", "rto") == {"text": null, "ms": -1} with data.settings as {"tier": {"gold": {"rto": "soon"}}}
}

malformed(key) := {{"at": [], "why": sprintf("cannot be judged, since the settings' tier.gold.%s is malformed", [key])}}
