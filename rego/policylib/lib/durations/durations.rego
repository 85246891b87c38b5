# METADATA
# title: Durations
# description: >-
#   Reads spans of time such as 250ms, 5m, 1h30m or 90d: whole numbers of days, hours, minutes, seconds
#   and milliseconds, each at most once and the larger first.
package policylib.lib.durations

import rego.v1

import data.policylib.lib.counts

pattern := `\A(?:[0-9]{1,6}d)?(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?(?:[0-9]{1,6}s)?(?:[0-9]{1,6}ms)?\z`

# In milliseconds.
worth := {"d": 86400000, "h": 3600000, "m": 60000, "s": 1000, "ms": 1}

# The milliseconds of a duration; -1 for what is none.
ms(x) := sum([length |
	some part in regex.find_n(`[0-9]+[dhms]+`, x, -1)
	length := counts.read(trim_right(part, "dhms")) * worth[trim_left(part, "0123456789")]
]) if {
	is_string(x)
	x != ""
	regex.match(pattern, x)
} else := -1
