package policylib.lib.attestations_test

import rego.v1

import data.policylib.lib.attestations

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

signer := {"issuer": "i", "identity": "https://builder.example/a@main"}

good := {
	"statement_type": "https://in-toto.io/Statement/v1", "predicate_type": "https://slsa.dev/provenance/v1",
	"subject": digest, "signer": signer, "builder": "https://builder.example/a@main",
}

changed(changes) := object.union(good, changes)

of(list) := {"image": concat("@", ["app", digest]), "attestations": list}

allowed := [{"issuer": "i", "identity": "https://builder.example/*@main"}]

test_provenance_by_name if {
	every change in [
		{}, {"statement_type": "https://in-toto.io/Statement/v0.1"}, {"predicate_type": "https://slsa.dev/provenance/v0.2"},
		{"statement_type": "https://in-toto.io/Statement/v0.1", "predicate_type": "https://slsa.dev/provenance/v0.2"},
	] {
		attestations.accepted(of([changed(change)]), allowed, []) == {changed(change)}
	}
	every change in [
		{"predicate_type": "https://slsa.dev/provenance/v1.0"}, {"predicate_type": "https://slsa.dev/provenance/v0.1"},
		{"predicate_type": "https://slsa.dev/provenance/v1/"}, {"predicate_type": "https://SLSA.dev/provenance/v1"},
		{"predicate_type": "slsaprovenance"}, {"predicate_type": "https://slsa.dev/verification_summary/v1"},
		{"predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1"},
		{"predicate_type": "https://spdx.dev/Document"},
		{"statement_type": "https://in-toto.io/Statement/v2"}, {"statement_type": "https://slsa.dev/provenance/v1"},
	] {
		attestations.provenance(of([changed(change)])) == set()
		attestations.accepted(of([changed(change), good]), allowed, []) == {good}
	}
}

test_the_very_digest if {
	other := changed({"subject": replace(digest, "0", "1")})
	attestations.provenance(of([other])) == {other}
	attestations.accepted(of([other]), allowed, []) == set()
}

test_who_may_sign if {
	attestations.accepted(of([good]), [], []) == set()
	every change in [{"issuer": "j"}, {"identity": "https://builder.example/a@main2"}] {
		attestations.accepted(of([changed({"signer": change})]), allowed, []) == set()
	}
}

entry(changes) := object.union({"id": good.builder, "level": 2}, changes)

test_who_signs_for_a_builder_may_sign if {
	every change in [{"issuer": "i"}, {"issuer": "i", "identity": signer.identity}, {"issuer": "i", "id": "https://builder.example/*@main"}] {
		attestations.accepted(of([good]), [], [entry(change)]) == {good}
	}
	every change in [
		{}, {"identity": signer.identity}, {"issuer": "j"}, {"issuer": "i", "identity": "x"},
		{"issuer": "i", "id": "https://builder.example/b@main"},
	] {
		attestations.accepted(of([good]), [], [entry(change)]) == set()
	}
	attestations.accepted(of([object.remove(good, ["builder"])]), [], [entry({"issuer": "i"})]) == set()
}

test_built if {
	every change in [{}, {"issuer": "i"}, {"identity": signer.identity}, {"level": 3}] {
		attestations.built([good], allowed, [entry(change)], 2) == {good}
	}
	every change in [{"level": 1}, {"id": "https://builder.example/b@main"}, {"issuer": "j"}, {"identity": "https://builder.example/*@dev"}] {
		attestations.built([good], allowed, [entry(change)], 2) == set()
	}
	attestations.built([good], [], [entry({})], 2) == set()
	attestations.built([good], allowed, [], 1) == set()
	attestations.built([object.remove(good, ["builder"])], allowed, [entry({"issuer": "i"})], 1) == set()
}

test_a_builder_signs_for_itself_alone if {
	borrowed := changed({"builder": "https://builder.example/b@main"})
	every one in [entry({"id": "https://builder.example/b@main"}), entry({"id": "https://builder.example/*@main", "issuer": "i"})] {
		attestations.built([borrowed], allowed, [one], 2) == set()
	}
	bound := entry({"id": "https://builder.example/b@main", "identity": signer.identity})
	attestations.built([borrowed], allowed, [bound], 2) == {borrowed}
}

test_two_attestations_do_not_make_up_for_each_other if {
	trusted := changed({"source": {"repository": "elsewhere"}})
	other := changed({"builder": "https://builder.example/c@main", "source": {"repository": "expected"}})
	facts := of([trusted, other])
	attestations.accepted(facts, allowed, [entry({})]) == {trusted, other}
	built := attestations.built({trusted, other}, allowed, [entry({})], 2)
	attestations.relied({"accepted": {trusted, other}, "built": built}) == {trusted}
	attestations.relied({"accepted": {trusted, other}, "built": set()}) == {trusted, other}
	attestations.relied({"accepted": set(), "built": set()}) == set()
}

test_builders if {
	expected := "https://builder.example/a@main signed by a, nobody signed by a"
	short := changed({"signer": {"identity": "a"}})
	attestations.builders([short, object.remove(short, ["builder"])]) == expected
}
