package policylib.provenance.attested_test

import rego.v1

import data.policylib.provenance.attested

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

image := concat("@", ["ghcr.io/org/app", digest])

of(document) := {"review": {"object": document}}

pod := of({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image}]}})

signer := {"issuer": "https://issuer.example", "identity": "https://build.example/org@main"}

provenance := {
	"statement_type": "https://in-toto.io/Statement/v1", "predicate_type": "https://slsa.dev/provenance/v1",
	"subject": digest,
	"signer": signer, "builder": signer.identity, "build_type": "https://build.example/type/v1",
	"source": {"repository": "https://github.com/org/app", "ref": "refs/heads/main"},
	"external_parameters": {"workflow": {}},
}

facts := {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": image,
	"verified_at": "2020-01-01T00:00:00Z", "expires_at": "2098-01-01T00:00:00Z",
	"signers": [], "attestations": [provenance], "sbom": [], "errors": [],
}

changed(changes) := object.union(facts, changes)

known(changes) := {"images": {image: changed(changes)}}

settings := {"provenance": {"signers": [{"issuer": "https://issuer.example", "identity": "https://build.example/*@main"}]}}

test_provenance_for_this_digest_by_an_allowed_signer if {
	attested.violation == set() with input as pod with data.settings as settings with data.facts as known({})
}

test_who_signs_for_the_builder_will_do if {
	builder := {"id": "https://build.example/org@main", "level": 1, "issuer": "https://issuer.example"}
	attested.violation == set() with input as pod with data.settings as {"provenance": {"builders": [builder]}} with data.facts as known({})
}

test_what_is_no_provenance_of_the_image if {
	cases := [
		[[], "has no SLSA provenance"],
		[[object.union(provenance, {"predicate_type": "https://spdx.dev/Document"})], "has no SLSA provenance"],
		[[object.union(provenance, {"subject": replace(digest, "0", "1")})], "has SLSA provenance, but for another digest"],
		[
			[
				object.union(provenance, {"signer": {"identity": "x", "issuer": "y"}}),
				object.union(provenance, {"subject": replace(digest, "0", "1")}),
			],
			"has SLSA provenance, but from nobody who may sign it (signed by: x of y)",
		],
	]
	every one in cases {
		attested.violation == said(one[1]) with input as pod with data.settings as settings with data.facts as known({"attestations": one[0]})
	}
}

test_what_cannot_be_relied_on if {
	expected := said("could not be verified: x")
	attested.violation == expected with input as pod with data.settings as settings with data.facts as known({"errors": ["x"]})
	attested.violation == said("has no facts: nobody verified it") with input as pod with data.settings as settings
	{v.details.path | some v in attested.violation} == {""} with input as of(null) with data.settings as settings
}

said(why) := {{
	"msg": sprintf("image \"%s\" %s", [image, why]),
	"details": {"path": "/spec/containers/0/image", "image": image},
}}

test_a_document_of_facts if {
	attested.violation == set() with input as of(facts) with data.settings as settings
	expired := changed({"expires_at": "2020-01-02T00:00:00Z"})
	{v.details.path | some v in attested.violation} == {"/image"} with input as of(expired) with data.settings as settings
}

test_nothing_passes_without_settings if {
	every odd in [{}, null, "x", {"signers": {"issuer": "*", "identity": "*"}, "builders": "*"}] {
		count(attested.violation) == 1 with input as pod with data.settings as {"provenance": odd} with data.facts as known({})
	}
	count(attested.violation) == 1 with input as pod with data.facts as known({})
}
