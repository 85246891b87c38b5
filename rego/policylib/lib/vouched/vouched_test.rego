package policylib.lib.vouched_test

import rego.v1

import data.policylib.lib.vouched

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

signer := {"issuer": "https://issuer.example", "identity": "https://build.example/a@main"}

provenance := {
	"statement_type": "https://in-toto.io/Statement/v1", "predicate_type": "https://slsa.dev/provenance/v1",
	"subject": digest, "signer": signer, "builder": "https://build.example/a@main",
}

facts := {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": concat("@", ["app", digest]),
	"verified_at": "2020-01-01T00:00:00Z", "expires_at": "2098-01-01T00:00:00Z",
	"signers": [], "attestations": [provenance], "sbom": [], "errors": [],
}

of(document) := {"review": {"object": document}}

test_what_an_allowed_signer_signed if {
	every section in [{"signers": [signer]}, {"builders": [{"id": provenance.builder, "level": 1, "issuer": signer.issuer}]}] {
		[claim.accepted | some claim in vouched.claims] == [{provenance}] with input as of(facts)
			with data.settings as {"provenance": section}
	}
	[claim.accepted | some claim in vouched.claims] == [set()] with input as of(facts)
	{claim.facts | some claim in vouched.claims} == {facts} with input as of(facts)
}

test_only_facts_that_can_be_relied_on if {
	failed := object.union(facts, {"errors": ["x"]})
	vouched.claims == set() with input as of(failed) with data.settings as {"provenance": {"signers": [signer]}}
}
