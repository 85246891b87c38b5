# METADATA
# title: Tiers
# description: What the settings, or else the defaults, demand of a service of each tier.
package policylib.lib.tiers

import rego.v1

import data.policylib.lib.counts
import data.policylib.lib.durations
import data.policylib.lib.read
import data.policylib.lib.settings

# What a tier demands under each key that the settings leave out.
usual := {
	"gold": {
		"slo": 99.95, "rto": "1h", "rpo": "5m", "latency_p99": "500ms", "chaos_drill_every": "90d", "replicas": 3,
		"disruption_budget": true, "alerts": 1, "paging": true, "escalation": 2, "runbook": true,
	},
	"silver": {
		"slo": 99.5, "rto": "4h", "rpo": "1h", "latency_p99": "1s", "replicas": 2,
		"disruption_budget": true, "alerts": 1, "paging": true, "escalation": 1, "runbook": true,
	},
	"bronze": {
		"slo": 99, "rto": "24h", "rpo": "24h", "latency_p99": "3s", "replicas": 1,
		"disruption_budget": false, "alerts": 1, "paging": false, "escalation": 0, "runbook": true,
	},
}

is_tier(x) if usual[x]

# The tier that a service is held to: what is no tier is held to the strictest.
held(x) := x if {
	is_tier(x)
} else := "gold"

# What a tier demands under a key; null where it demands nothing, or what is malformed.
demand(tier, key) := value if {
	value := read.at(given(tier), key, read.at(usual[tier], key, null))
	is_valid(key, value)
} else := null

given(tier) := read.object_at(settings.get(["tier"], {}), tier)

# The longest that a tier allows under a key: its text, and its milliseconds, -1 for no limit.
limit(tier, key) := {"text": text, "ms": durations.ms(text)} if text := demand(tier, key)

# What is wrong in the settings where they speak of a tier's key: nothing can be held against that.
faults(tier, key) := {{"at": [], "why": why} |
	key in object.keys(given(tier))
	not is_valid(key, read.at(given(tier), key, null))
	why := sprintf("cannot be judged, since the settings' tier.%s.%s is malformed", [tier, key])
}

# Why a service's duration is not within a limit of its tier; "" when it is. Only an rpo can be nothing.
excess(what, x, limit) := sprintf("has no %s", [what]) if {
	is_null(x)
} else := why_long(what, x, limit, durations.ms(x))

why_long(what, x, limit, length) := sprintf("has as its %s what is no duration such as 1h30m", [what]) if {
	length == -1
} else := sprintf("has as its %s %s, which nothing can keep", [what, x]) if {
	length == 0
	what != "rpo"
} else := sprintf("has as its %s %s, and its tier allows %s", [what, x, limit.text]) if {
	limit.ms >= 0
	length > limit.ms
} else := ""

is_valid("slo", x) if {
	counts.number(x) >= 0
	counts.number(x) <= 100
}

is_valid("rpo", x) if durations.ms(x) >= 0

is_valid(key, x) if {
	key in {"rto", "latency_p99", "chaos_drill_every"}
	durations.ms(x) > 0
}

is_valid(key, x) if {
	key in {"alerts", "escalation", "replicas"}
	counts.is_count(x)
}

is_valid(key, x) if {
	key in {"disruption_budget", "paging", "runbook"}
	is_boolean(x)
}
