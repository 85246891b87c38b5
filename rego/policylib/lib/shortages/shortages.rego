# METADATA
# title: Shortages
# description: Whether the resource under review has fewer copies than the tier of its service demands.
package policylib.lib.shortages

import rego.v1

import data.policylib.lib.copies.is_counted
import data.policylib.lib.copies.is_left_open
import data.policylib.lib.copies.place
import data.policylib.lib.copies.running
import data.policylib.lib.counts
import data.policylib.lib.read
import data.policylib.lib.service.entry
import data.policylib.lib.service.tier
import data.policylib.lib.tiers

# A set of at and why.
faults contains fault if {
	is_counted
	some fault in tiers.faults(tier, "replicas")
}

faults contains {"at": place, "why": why} if {
	is_counted
	not is_scaled
	why := why_short(running, tiers.demand(tier, "replicas"))
	why != ""
}

# The catalog's word that an autoscaler finds the number, which the workload leaves to it.
is_scaled if {
	is_left_open
	read.at(entry, "autoscaled", false) == true
}

# Why so many copies are not the least; "" when they are. What runs at all runs one.
why_short(n, least) := "" if {
	n >= least
} else := "" if {
	n == -2
	least <= 1
} else := sprintf("does not say how many copies run, and its tier demands %s", [counts.shown(least)]) if {
	n == -2
} else := "gives as its number of copies what is no whole number" if {
	n == -1
} else := sprintf("has %s of the %s copies that its tier demands", [counts.shown(n), counts.shown(least)])
