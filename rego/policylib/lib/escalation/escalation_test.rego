package policylib.lib.escalation_test

import rego.v1

import data.policylib.lib.durations
import data.policylib.lib.escalation

two := [{"who": "#oncall-core"}, {"who": "head-of-platform", "after": "15m"}]

late := "has a level of escalation that does not say after how long, or no later than the one before"

found(entry) := escalation.faults(escalation.levels(entry))

reached(entry, limit) := escalation.reached(escalation.levels(entry), durations.ms(limit))

whys(levels) := {fault.why | some fault in found({"escalation": levels})}

test_levels_in_order if {
	every levels in [
		two, [{"who": "a", "after": "0s"}, {"who": "b", "after": "1ms"}], [{"who": "a", "after": "5m"}, {"who": "b", "after": "10m"}],
		[], null, "x", {"who": "a"},
	] {
		whys(levels) == set()
	}
}

test_a_level_names_somebody if {
	every level in [null, "x", {}, {"who": "TBD"}, {"who": 5}, {"who": ["a"]}, {"Who": "a"}] {
		found({"escalation": [level]}) == {{
			"at": ["escalation", 0],
			"why": "has a level of escalation that names nobody",
		}}
	}
}

test_each_level_comes_later if {
	every after in [null, "", "0s", "5m", "4m59s", "soon", 15, "-15m", "15 m"] {
		levels := [{"who": "a", "after": "5m"}, {"who": "b", "after": after}]
		found({"escalation": levels}) == {{"at": ["escalation", 1], "why": late}}
	}
	whys([{"who": "a"}, {"who": "b"}]) == {late}
	whys([{"who": "a", "after": null}]) == {late}
	whys([{"who": "a", "after": "soon"}, {"who": "b", "after": "5m"}]) == {late}
}

test_who_is_reached_in_time if {
	reached({"escalation": two}, "1h") == {"#oncall-core", "head-of-platform"}
	reached({"escalation": two}, "15m") == {"#oncall-core", "head-of-platform"}
	reached({"escalation": two}, "14m") == {"#oncall-core"}
	reached({"escalation": two}, "malformed") == set()
	reached({"escalation": [{"who": "A "}, {"who": "a", "after": "5m"}]}, "1h") == {"a"}
	reached({"escalation": [{"who": "a"}, {"who": "b"}]}, "1h") == {"a"}
	reached({"escalation": [{"who": "a1"}, {"who": "A\u200d1", "after": "5m"}]}, "1h") == {"a1"}
	every entry in [null, {}, {"escalation": null}, {"escalation": {"who": "a"}}, {"escalation": [null, {"who": 5}, {"who": "-"}]}] {
		reached(entry, "1h") == set()
	}
}
