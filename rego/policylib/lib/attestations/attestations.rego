# METADATA
# title: Attestations
# description: >-
#   Which attestations of an image are provenance that somebody trusted vouches for, and which builder
#   they may name. Types are compared as a whole: a scan, an SBOM or a summary of a verification is no
#   provenance, however well it is signed.
# related_resources:
#   - https://slsa.dev/spec/v1.1/verifying-artifacts
#   - https://slsa.dev/spec/v1.1/provenance
package policylib.lib.attestations

import rego.v1

import data.policylib.lib.identities
import data.policylib.lib.image
import data.policylib.lib.read
import data.policylib.lib.subject

statement_types := {"https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"}

predicate_types := {"https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1"}

# SLSA provenance, of whatever.
provenance(facts) := {attestation |
	some attestation in facts.attestations
	attestation.statement_type in statement_types
	attestation.predicate_type in predicate_types
}

# Of these, what speaks of the very image that the facts are about.
about(attestations, facts) := {attestation |
	some attestation in attestations
	attestation.subject == subject.digest(facts.image)
}

# Of these, what an allowed signer signed, or one who may sign for the builder that it names.
vouched(attestations, signers, builders) := {attestation |
	some attestation in attestations
	is_vouched(attestation, signers, builders)
}

is_vouched(attestation, signers, builders) if {
	identities.allows(signers, attestation.signer)
} else if {
	some entry in builders
	owns(entry, attestation, [])
}

# Provenance that a rule may rely on.
accepted(facts, signers, builders) := vouched(about(provenance(facts), facts), signers, builders)

# Of these, what names a builder of a level that its signer may sign for.
built(attestations, signers, builders, level) := {attestation |
	some attestation in attestations
	some entry in builders
	entry.level >= level
	owns(entry, attestation, signers)
}

# Whether an entry of the settings is about the builder that an attestation names, and its signer.
owns(entry, attestation, signers) if {
	identities.matches(entry.id, read.text(attestation, "builder"))
	has_identity(entry, attestation)
	has_issuer(entry, attestation, signers)
}

has_identity(entry, attestation) if {
	identities.matches(read.text(entry, "identity"), attestation.signer.identity)
}

# Without an identity the builder signs in its own name.
has_identity(entry, attestation) if {
	read.text(entry, "identity") == ""
	attestation.signer.identity == attestation.builder
}

has_issuer(entry, attestation, _) if entry.issuer == attestation.signer.issuer

# Without an issuer anybody could have issued the identity: the signer has to be an allowed one.
has_issuer(entry, attestation, signers) if {
	read.text(entry, "issuer") == ""
	identities.allows(signers, attestation.signer)
}

# What a rule about the source may rely on: where a builder is trusted, only what names a trusted one,
# so that no attestation makes up for what another lacks.
relied(claim) := claim.built if {
	count(claim.built) > 0
} else := claim.accepted

# The builders that attestations name, and who signed that, on one line.
builders(attestations) := image.shown(concat(", ", sort({name |
	some attestation in attestations
	name := sprintf("%s signed by %s", [object.get(attestation, "builder", "nobody"), attestation.signer.identity])
})))
