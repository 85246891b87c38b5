# METADATA
# title: Service level objectives
# description: What is wrong in one objective, and whether some promise enough availability.
package policylib.lib.slos

import rego.v1

import data.policylib.lib.counts
import data.policylib.lib.read
import data.policylib.lib.stated

# What is wrong in an slo, given as its name and its item; "" where nothing is.
fault(slo) := "has an slo without a name" if {
	not stated.is_stated(slo.name)
} else := "has an slo whose objective is no number above 0 and up to 100" if {
	objective(slo.item) == 0
} else := ""

# At least one of them, by its indicator or else by its name, is of availability and enough.
promise(slos, least) if {
	some slo in slos
	indicator := lower(stated.text(read.at(slo.item, "indicator", slo.name)))
	regex.match(`(?:\A|[^a-z])availability(?:\z|[^a-z])`, indicator)
	objective(slo.item) >= least
}

# The one objective in percent; 0 where there is none.
objective(item) := value if {
	given := [x |
		some key in ["objective", "target"]
		x := read.at(item, key, null)
		not is_null(x)
	]
	count(given) == 1
	some value in given
	counts.number(value) > 0
	counts.number(value) <= 100
} else := 0
