# METADATA
# title: Clock
# description: >-
#   Reads instants and compares them with the engine's clock, which no input can set. An instant is
#   an RFC 3339 timestamp, or a date, which stands for the end of that day in UTC.
# related_resources:
#   - https://www.rfc-editor.org/rfc/rfc3339
package policylib.lib.clock

import rego.v1

# Years that nanoseconds since 1970 can count.
date := `(?:19[7-9][0-9]|2[01][0-9]{2})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])`

day := `T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])`

date_pattern := concat("", [`\A`, date, `\z`])

timestamp_pattern := concat("", [`\A`, date, day, `\z`])

leap_pattern := `\A(?:2000|(?:19|20|21)(?:0[48]|[2468][048]|[13579][26]))-`

# Nanoseconds since 1970 of an instant; undefined for anything else.
ns(text) := time.parse_rfc3339_ns(text) if {
	is_string(text)
	regex.match(timestamp_pattern, text)
	exists(text)
} else := time.parse_rfc3339_ns(concat("", [text, "T00:00:00Z"])) + ((24 * 60) * 60000000000) if {
	is_string(text)
	regex.match(date_pattern, text)
	exists(text)
}

is_instant(text) if ns(text) >= 0

# Not yet reached; what is no instant is never ahead.
is_ahead(text) if ns(text) > time.now_ns()

# Reached; what is no instant never was.
is_behind(text) if ns(text) <= time.now_ns()

# Reached, and no longer ago than a number of seconds.
is_within(text, seconds) if {
	is_behind(text)
	time.now_ns() - ns(text) <= seconds * 1000000000
}

# No month has more days than it has.
exists(text) if {
	month_day := substring(text, 5, 5)
	not is_beyond(substring(text, 0, 5), month_day)
}

is_beyond(_, month_day) if month_day in {"02-30", "02-31", "04-31", "06-31", "09-31", "11-31"}

is_beyond(year, "02-29") if not is_leap(year)

is_leap(year) if regex.match(leap_pattern, year)
