# METADATA
# title: conftest
# description: >-
#   The decision in conftest's form. The input is the document itself: whatever it says, it is
#   wrapped and never unwrapped.
# entrypoint: true
package main

import rego.v1

import data.policylib.decision.never_warns
import data.policylib.decision.violations
import data.policylib.lib.bare

decided contains v if {
	some v in violations with input as {"review": {"object": bare.enveloped(input)}}
}

deny contains object.remove(v, ["enforcement"]) if {
	some v in decided
	v.enforcement == "deny"
}

# conftest asks for each of the two anew, so what cannot be is not looked for.
warn contains object.remove(v, ["enforcement"]) if {
	not never_warns
	some v in decided
	v.enforcement == "warn"
}
