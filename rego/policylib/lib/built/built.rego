# METADATA
# title: What trusted builders built
# description: >-
#   The images with facts that can be relied on, each with the accepted provenance that names a builder
#   of the level which the workload needs.
package policylib.lib.built

import rego.v1

import data.policylib.lib.assurance.level
import data.policylib.lib.attestations
import data.policylib.lib.trust.builders
import data.policylib.lib.trust.signers
import data.policylib.lib.vouched.claims as vouched_claims

claims contains object.union(claim, {"built": built}) if {
	some claim in vouched_claims
	built := attestations.built(claim.accepted, signers, builders, level)
}
