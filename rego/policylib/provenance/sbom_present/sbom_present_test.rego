package policylib.provenance.sbom_present_test

import rego.v1

import data.policylib.provenance.sbom_present

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

image := concat("@", ["ghcr.io/org/app", digest])

of(document) := {"review": {"object": document}}

pod := of({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image}]}})

signer := {"issuer": "https://issuer.example", "identity": "https://build.example/org@main"}

sbom := {"format": "cyclonedx", "predicate_type": "https://cyclonedx.org/bom", "subject": digest, "signer": signer}

facts := {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": image,
	"verified_at": "2020-01-01T00:00:00Z", "expires_at": "2098-01-01T00:00:00Z",
	"signers": [], "attestations": [], "sbom": [sbom], "errors": [],
}

changed(changes) := object.union(facts, changes)

known(changes) := {"images": {image: changed(changes)}}

settings := {"provenance": {"signers": [{"issuer": "https://issuer.example", "identity": "https://build.example/*@main"}]}}

test_each_format if {
	every change in [
		{}, {"predicate_type": "https://cyclonedx.org/bom/v1.6"},
		{"format": "spdx", "predicate_type": "https://spdx.dev/Document"},
		{"format": "spdx", "predicate_type": "https://spdx.dev/Document/v2.3"},
	] {
		given := known({"sbom": [object.union(sbom, {"subject": replace(digest, "0", "1")}), object.union(sbom, change)]})
		sbom_present.violation == set() with input as pod with data.settings as settings with data.facts as given
	}
}

test_what_is_no_sbom_of_the_image if {
	cases := [
		[[], "has no SBOM"],
		[[object.union(sbom, {"format": "syft"})], "has no SBOM in an allowed format (allowed: cyclonedx, spdx)"],
		[[object.union(sbom, {"format": "spdx"})], "has no SBOM in an allowed format (allowed: cyclonedx, spdx)"],
		[[object.union(sbom, {"predicate_type": "https://cyclonedx.org/bomb"})], "has no SBOM in an allowed format (allowed: cyclonedx, spdx)"],
		[[object.union(sbom, {"subject": replace(digest, "0", "1")})], "has an SBOM, but for another digest"],
		[
			[object.union(sbom, {"signer": {"identity": "x", "issuer": "y"}}), object.union(sbom, {"subject": replace(digest, "0", "1")})],
			"has an SBOM, but not from an allowed signer (signed by: x of y)",
		],
	]
	every one in cases {
		sbom_present.violation == said(one[1]) with input as pod with data.settings as settings with data.facts as known({"sbom": one[0]})
	}
}

test_allowed_formats if {
	fewer := object.union(settings, {"provenance": {"sbom_formats": ["spdx"]}})
	expected := said("has no SBOM in an allowed format (allowed: spdx)")
	sbom_present.violation == expected with input as pod with data.settings as fewer with data.facts as known({})
	none := object.union(settings, {"provenance": {"sbom_formats": null}})
	count(sbom_present.violation) == 1 with input as pod with data.settings as none with data.facts as known({})
}

test_what_cannot_be_relied_on if {
	expected := said("could not be verified: x")
	sbom_present.violation == expected with input as pod with data.settings as settings with data.facts as known({"errors": ["x"]})
	sbom_present.violation == said("has no facts: nobody verified it") with input as pod with data.settings as settings
	{v.details.path | some v in sbom_present.violation} == {""} with input as of(null) with data.settings as settings
}

said(why) := {{
	"msg": sprintf("image \"%s\" %s", [image, why]),
	"details": {"path": "/spec/containers/0/image", "image": image},
}}

test_a_document_of_facts if {
	sbom_present.violation == set() with input as of(facts) with data.settings as settings
	expired := changed({"expires_at": "2020-01-02T00:00:00Z"})
	{v.details.path | some v in sbom_present.violation} == {"/image"} with input as of(expired) with data.settings as settings
}

test_nothing_passes_without_settings if {
	every odd in [{}, null, "x", {"signers": {"issuer": "*", "identity": "*"}, "builders": "*"}] {
		count(sbom_present.violation) == 1 with input as pod with data.settings as {"provenance": odd} with data.facts as known({})
	}
	count(sbom_present.violation) == 1 with input as pod with data.facts as known({})
}
