package policylib.lib.built_test

import rego.v1

import data.policylib.lib.built

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

signer := {"issuer": "https://issuer.example", "identity": "https://build.example/a@main"}

provenance := {
	"statement_type": "https://in-toto.io/Statement/v1", "predicate_type": "https://slsa.dev/provenance/v1",
	"subject": digest, "signer": signer, "builder": "https://build.example/a@main",
}

other := object.union(provenance, {"builder": "https://build.example/b@main"})

request := {"review": {"object": {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": concat("@", ["app", digest]),
	"verified_at": "2020-01-01T00:00:00Z", "expires_at": "2098-01-01T00:00:00Z",
	"signers": [], "attestations": [provenance, other], "sbom": [], "errors": [],
}}}

settings(level) := {"provenance": {"signers": [signer], "builders": [{"id": provenance.builder, "level": level}]}}

test_a_builder_of_the_level if {
	[claim.built | some claim in built.claims] == [{provenance}] with input as request with data.settings as settings(3)
	[claim.built | some claim in built.claims] == [set()] with input as request with data.settings as settings(2)
	[claim.accepted | some claim in built.claims] == [{provenance, other}] with input as request with data.settings as settings(2)
}

test_without_settings if [claim.built | some claim in built.claims] == [set()] with input as request
