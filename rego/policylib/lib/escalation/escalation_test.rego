package policylib.lib.escalation_test

import rego.v1

import data.policylib.lib.escalation

two := [{"who": "#oncall-core"}, {"who": "head-of-platform", "after": "15m"}]

late := "has a level of escalation that does not say after how long, or no later than the one before"

whys(levels) := {fault.why | some fault in escalation.faults({"escalation": levels})}

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
		escalation.faults({"escalation": [level]}) == {{
			"at": ["escalation", 0],
			"why": "has a level of escalation that names nobody",
		}}
	}
}

test_each_level_comes_later if {
	every after in [null, "", "0s", "5m", "4m59s", "soon", 15, "-15m", "15 m"] {
		levels := [{"who": "a", "after": "5m"}, {"who": "b", "after": after}]
		escalation.faults({"escalation": levels}) == {{"at": ["escalation", 1], "why": late}}
	}
	whys([{"who": "a"}, {"who": "b"}]) == {late}
	whys([{"who": "a", "after": null}]) == {late}
	whys([{"who": "a", "after": "soon"}, {"who": "b", "after": "5m"}]) == {late}
}

test_who_is_reached_in_time if {
	escalation.reached({"escalation": two}, "1h") == {"#oncall-core", "head-of-platform"}
	escalation.reached({"escalation": two}, "15m") == {"#oncall-core", "head-of-platform"}
	escalation.reached({"escalation": two}, "14m") == {"#oncall-core"}
	escalation.reached({"escalation": two}, "malformed") == set()
	escalation.reached({"escalation": [{"who": "A "}, {"who": "a", "after": "5m"}]}, "1h") == {"a"}
	escalation.reached({"escalation": [{"who": "a"}, {"who": "b"}]}, "1h") == {"a"}
	every entry in [null, {}, {"escalation": null}, {"escalation": {"who": "a"}}, {"escalation": [null, {"who": 5}, {"who": "-"}]}] {
		escalation.reached(entry, "1h") == set()
	}
}
