# METADATA
# title: What is vouched for
# description: >-
#   The images with facts that can be relied on, each with the provenance that somebody signed who may.
#   Every rule about provenance begins here.
package policylib.lib.vouched

import rego.v1

import data.policylib.lib.attestations
import data.policylib.lib.evidence.usable
import data.policylib.lib.trust.builders
import data.policylib.lib.trust.signers

claims contains object.union(claim, {"accepted": accepted}) if {
	some claim in usable
	accepted := attestations.accepted(claim.facts, signers, builders)
}
