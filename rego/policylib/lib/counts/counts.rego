# METADATA
# title: Counts
# description: Numbers that are not negative, most of them whole, as numbers and as text.
package policylib.lib.counts

import rego.v1

digits := {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9}

places := [1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]

is_count(x) if {
	number(x) >= 0
	floor(number(x)) == x
}

# What is no number is less than any that counts.
number(x) := x if {
	is_number(x)
} else := -1

# A count as text, however it was written.
shown(n) := format_int(floor(n), 10)

# Any number that is not negative as text, to at most six decimal places.
decimal(x) := trim_right(trim_right(concat(".", [shown((n - rest) / 1000000), substring(shown(1000000 + rest), 1, 6)]), "0"), ".") if {
	n := floor((number(x) * 1000000) + 0.5)
	rest := n % 1000000
}

# The number that at most nine digits write; -1 for anything else.
read(text) := sum([worth |
	some i in numbers.range(0, last)
	worth := digits[substring(text, i, 1)] * places[last - i]
]) if {
	is_string(text)
	regex.match(`\A[0-9]{1,9}\z`, text)
	last := count(text) - 1
} else := -1
