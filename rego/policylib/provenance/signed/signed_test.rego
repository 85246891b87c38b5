package policylib.provenance.signed_test

import rego.v1

import data.policylib.provenance.signed

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

image := concat("@", ["ghcr.io/org/app", digest])

of(document) := {"review": {"object": document}}

pod := of({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image}]}})

signer := {"issuer": "https://issuer.example", "identity": "https://build.example/org@main"}

facts := {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": image,
	"verified_at": "2020-01-01T00:00:00Z", "expires_at": "2098-01-01T00:00:00Z",
	"signers": [{"issuer": "https://other.example", "identity": "x"}, signer], "attestations": [], "sbom": [],
	"errors": [],
}

changed(changes) := object.union(facts, changes)

known(changes) := {"images": {image: changed(changes)}}

settings := {"provenance": {"signers": [{"issuer": "https://issuer.example", "identity": "https://build.example/*@main"}]}}

test_one_allowed_signer_is_enough if {
	signed.violation == set() with input as pod with data.settings as settings with data.facts as known({})
}

test_who_is_not_allowed if {
	cases := [
		[[], "nobody"],
		[[object.union(signer, {"issuer": "https://other.example"})], "https://build.example/org@main of https://other.example"],
		[[object.union(signer, {"identity": "https://build.example/org@dev"})], "https://build.example/org@dev of https://issuer.example"],
	]
	every one in cases {
		expected := said(sprintf("is not signed by an allowed signer (signed by: %s)", [one[1]]))
		signed.violation == expected with input as pod with data.settings as settings with data.facts as known({"signers": one[0]})
	}
}

test_who_signs_for_a_builder_need_not_sign_images if {
	builder := {"id": "https://build.example/org@main", "level": 3, "issuer": "https://issuer.example"}
	count(signed.violation) == 1 with input as pod with data.settings as {"provenance": {"builders": [builder]}} with data.facts as known({})
}

test_what_cannot_be_relied_on if {
	expected := said("could not be verified: x")
	signed.violation == expected with input as pod with data.settings as settings with data.facts as known({"errors": ["x"]})
	signed.violation == said("has no facts: nobody verified it") with input as pod with data.settings as settings
	{v.details.path | some v in signed.violation} == {""} with input as of(null) with data.settings as settings
}

said(why) := {{
	"msg": sprintf("image \"%s\" %s", [image, why]),
	"details": {"path": "/spec/containers/0/image", "image": image},
}}

test_a_document_of_facts if {
	signed.violation == set() with input as of(facts) with data.settings as settings
	expired := changed({"expires_at": "2020-01-02T00:00:00Z"})
	{v.details.path | some v in signed.violation} == {"/image"} with input as of(expired) with data.settings as settings
}

test_nothing_passes_without_settings if {
	every odd in [{}, null, "x", {"signers": {"issuer": "*", "identity": "*"}, "builders": "*"}] {
		count(signed.violation) == 1 with input as pod with data.settings as {"provenance": odd} with data.facts as known({})
	}
	count(signed.violation) == 1 with input as pod with data.facts as known({})
}
