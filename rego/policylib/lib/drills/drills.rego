# METADATA
# title: Drills
# description: >-
#   Whether the last drill is no longer ago than an interval, or the next one comes before it is over.
package policylib.lib.drills

import rego.v1

import data.policylib.lib.clock
import data.policylib.lib.read

# What is wrong with the drills of a service, at most so many seconds apart; "" where nothing is.
fault(drill, seconds) := why(read.at(drill, "last", null), read.at(drill, "next", null), seconds)

why(last, next, seconds) := "has no chaos drill, neither a last nor a next one" if {
	is_null(last)
	is_null(next)
} else := "has a last chaos drill whose date is none, or is yet to come" if {
	not is_past(last)
} else := "has a next chaos drill whose date is none" if {
	not is_date(next)
} else := "has missed its next chaos drill, or not noted it as the last" if {
	clock.is_behind(next)
	not is_after(last, next)
} else := "has its next chaos drill later than its tier demands" if {
	is_beyond(next, seconds)
} else := "has its last chaos drill longer ago than its tier demands" if {
	not clock.is_ahead(next)
	not is_recent(last, seconds)
} else := ""

is_date(null) := true

is_date(x) if clock.is_instant(x)

is_past(null) := true

is_past(x) if clock.is_behind(x)

# A day stands for its end, and whoever drilled today notes today.
is_past(x) if {
	clock.is_instant(x)
	not contains(x, "T")
	not is_beyond(x, 86400)
}

is_after(x, y) if clock.ns(x) >= clock.ns(y)

is_recent(x, _) if clock.is_ahead(x)

is_recent(x, seconds) if clock.is_within(x, seconds)

# Further ahead than a number of seconds: of the seconds until so long before it, counted from 1970,
# not all have passed.
is_beyond(x, seconds) if {
	clock.is_within("1970-01-01T00:00:00Z", (floor(clock.ns(x) / 1000000000) - seconds) - 1)
}
