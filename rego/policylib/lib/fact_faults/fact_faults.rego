# METADATA
# title: Faults of facts
# description: >-
#   Why facts cannot be relied on: they are missing, malformed, about another image, tell of an error,
#   or do not hold at this time.
package policylib.lib.fact_faults

import rego.v1

import data.policylib.lib.clock
import data.policylib.lib.fact_shape
import data.policylib.lib.image
import data.policylib.lib.read

# Why the facts that are kept under a key say nothing; "" where they do.
fault(key, facts) := "is no reference with a sha256 digest, so nobody can have verified it" if {
	key == ""
} else := "has no facts: nobody verified it" if {
	is_null(facts)
} else := sprintf("has malformed facts: %s", [first]) if {
	first := sort(fact_shape.mistakes(facts))[0]
} else := sprintf("has facts about another image, \"%s\"", [image.shown(facts.image)]) if {
	facts.image != key
} else := sprintf("could not be verified: %s", [error(facts.errors[0])]) if {
	count(facts.errors) > 0
} else := sprintf("has facts from the future, verified at %s", [facts.verified_at]) if {
	not clock.is_behind(facts.verified_at)
} else := sprintf("has facts that expired at %s", [facts.expires_at]) if {
	not clock.is_ahead(facts.expires_at)
} else := ""

error(x) := image.shown(x) if read.filled(x)

error(x) := "an error that says nothing" if not read.filled(x)
