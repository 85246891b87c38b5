package policylib.provenance.source_expected_test

import rego.v1

import data.policylib.provenance.source_expected

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

settings := {"provenance": {
	"signers": [{"issuer": "https://issuer.example", "identity": "https://build.example/*@main"}],
	"builders": [{"id": "https://build.example/org@main", "level": 3}, {"id": "https://build.example/weak@main", "level": 2}],
	"sources": ["https://github.com/org/"],
	"build_types": ["https://build.example/type/v1"],
}}

test_as_expected if source_expected.violation == set() with input as pod with data.settings as settings with data.facts as known({})

test_each_respect if {
	cases := [
		[{"source": {"repository": "https://github.com/evil/app"}}, `repository "https://github.com/evil/app"`],
		[{"source": {"ref": "refs/pull/1/merge"}}, `ref "refs/pull/1/merge"`],
		[{"build_type": "x"}, `build type "x"`],
		[{"external_parameters": {"inputs": {}}}, `external parameter "inputs"`],
	]
	every one in cases {
		given := known({"attestations": [object.union(provenance, one[0]), object.union(provenance, {"build_type": "a"})]})
		expected := said(sprintf(`was not built as expected: build type "a", or %s`, [one[1]]))
		source_expected.violation == expected with input as pod with data.settings as settings with data.facts as given
	}
}

test_without_provenance if {
	expected := said("has no accepted provenance that could name its source")
	every list in [
		[], [object.union(provenance, {"subject": replace(digest, "0", "1")})],
		[object.union(provenance, {"signer": {"issuer": "x"}})],
	] {
		source_expected.violation == expected with input as pod with data.settings as settings with data.facts as known({"attestations": list})
	}
}

elsewhere := object.union(provenance, {"source": {"repository": "https://github.com/evil/app"}})

by(name) := {"builder": id, "signer": {"identity": id}} if id := sprintf("https://build.example/%s@main", [name])

test_two_attestations_do_not_make_up_for_each_other if {
	expected := said(`was not built as expected: repository "https://github.com/evil/app"`)
	every name in ["unknown", "weak"] {
		given := known({"attestations": [elsewhere, object.union(provenance, by(name))]})
		source_expected.violation == expected with input as pod with data.settings as settings with data.facts as given
	}
	both := known({"attestations": [elsewhere, provenance, object.union(elsewhere, by("unknown"))]})
	source_expected.violation == set() with input as pod with data.settings as settings with data.facts as both
}

test_where_no_builder_is_trusted_the_source_is_judged_all_the_same if {
	given := known({"attestations": [object.union(provenance, by("unknown"))]})
	source_expected.violation == set() with input as pod with data.settings as settings with data.facts as given
}

test_what_cannot_be_relied_on if {
	expected := said("could not be verified: x")
	source_expected.violation == expected with input as pod with data.settings as settings with data.facts as known({"errors": ["x"]})
	source_expected.violation == said("has no facts: nobody verified it") with input as pod with data.settings as settings
	{v.details.path | some v in source_expected.violation} == {""} with input as of(null) with data.settings as settings
}

said(why) := {{
	"msg": sprintf("image \"%s\" %s", [image, why]),
	"details": {"path": "/spec/containers/0/image", "image": image},
}}

test_a_document_of_facts if {
	source_expected.violation == set() with input as of(facts) with data.settings as settings
	expired := changed({"expires_at": "2020-01-02T00:00:00Z"})
	{v.details.path | some v in source_expected.violation} == {"/image"} with input as of(expired) with data.settings as settings
}

test_nothing_passes_without_settings if {
	every odd in [{}, null, "x", {"signers": {"issuer": "*", "identity": "*"}, "builders": "*"}] {
		count(source_expected.violation) == 1 with input as pod with data.settings as {"provenance": odd} with data.facts as known({})
	}
	count(source_expected.violation) == 1 with input as pod with data.facts as known({})
}
