# METADATA
# title: Residency of a request
# description: >-
#   The decision about `input.request`, with region and data_class, for whoever asks before data is kept
#   or moved. Whatever else the input says counts too.
# entrypoint: true
package residency

import rego.v1

import data.policylib.decision.unconfigured
import data.policylib.decision.violations

default request := null

request := input.request

envelope := {"apiVersion": "policylib.dev/v1", "kind": "TransferRequest", "request": request}

default given := {}

given := input if is_object(input)

decided contains v if some v in violations with input as {"review": {"object": object.union(given, envelope)}}

deny contains v.msg if {
	some v in decided
	v.enforcement == "deny"
}

deny contains "residency is not configured" if "residency" in unconfigured

# An answer that is neither yes nor no is a no.
default allow := false

allow if count(deny) == 0
