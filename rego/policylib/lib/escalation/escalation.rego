# METADATA
# title: Escalation
# description: The levels in which somebody else is called, one after the other.
package policylib.lib.escalation

import rego.v1

import data.policylib.lib.durations
import data.policylib.lib.read
import data.policylib.lib.stated

# The levels, each with what is wrong in it ("" for nothing). The first is called at once, unless it
# says otherwise; each after all that come before it.
levels(entry) := [{"who": who, "after": times[i], "why": why} |
	given := read.list(entry, "escalation")
	times := [durations.ms(read.at(level, "after", "0s")) | some level in given]
	some i, level in given
	who := read.at(level, "who", null)
	why := fault(who, times[i], max(array.concat([-1], array.slice(times, 0, i))))
]

fault(who, after, before) := "has a level of escalation that names nobody" if {
	not stated.is_stated(who)
} else := "has a level of escalation that does not say after how long, or no later than the one before" if {
	after <= before
} else := ""

faults(given) := {{"at": ["escalation", i], "why": level.why} |
	some i, level in given
	level.why != ""
}

# Everyone who is called before some milliseconds are over.
reached(given, most) := {stated.plain(level.who) |
	some level in given
	level.why == ""
	level.after <= most
}
