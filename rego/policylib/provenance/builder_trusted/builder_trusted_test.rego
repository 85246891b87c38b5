package policylib.provenance.builder_trusted_test

import rego.v1

import data.policylib.provenance.builder_trusted

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

settings := {
	"provenance": {
		"signers": [{"issuer": "https://issuer.example", "identity": "https://build.example/*@main"}],
		"builders": [{"id": "https://build.example/*@main", "level": 3}, {"id": "https://other.example", "level": 3}],
	},
	"catalog": {"services": {"job": {"tier": "bronze"}}},
}

leveled(level) := json.patch(settings, [{"op": "replace", "path": "/provenance/builders/0/level", "value": level}])

test_a_trusted_builder if builder_trusted.violation == set() with input as pod with data.settings as settings with data.facts as known({})

test_the_level_of_the_tier if {
	why := unnamed("https://build.example/org@main")
	builder_trusted.violation == said(why) with input as pod with data.settings as leveled(2) with data.facts as known({})
	job := json.patch(pod, [{"op": "add", "path": "/review/object/metadata", "value": {"labels": {"policylib.dev/service": "job"}}}])
	builder_trusted.violation == set() with input as job with data.settings as leveled(1) with data.facts as known({})
}

unnamed(builder) := sprintf("has no trusted builder of level 3 or higher that its signer may name (built by: %s signed by %s)", names) if {
	names := [builder, signer.identity]
}

test_who_is_no_trusted_builder if {
	cases := [
		[[object.union(provenance, {"builder": "https://build.example/b@main"})], "https://build.example/b@main"],
		[[object.union(provenance, {"builder": "https://other.example"})], "https://other.example"],
		[[object.remove(provenance, ["builder"])], "nobody"],
	]
	every one in cases {
		builder_trusted.violation == said(unnamed(one[1])) with input as pod with data.settings as settings
			with data.facts as known({"attestations": one[0]})
	}
}

test_without_provenance if {
	expected := said("has no accepted provenance that could name its builder")
	every list in [
		[], [object.union(provenance, {"subject": replace(digest, "0", "1")})],
		[object.union(provenance, {"signer": {"issuer": "x"}})],
	] {
		builder_trusted.violation == expected with input as pod with data.settings as settings with data.facts as known({"attestations": list})
	}
}

test_malformed_levels if {
	odd := json.patch(settings, [{"op": "add", "path": "/provenance/minimum_level", "value": {"gold": "1"}}])
	why := "cannot be judged, since provenance.minimum_level is malformed"
	builder_trusted.violation == said(why) with input as pod with data.settings as odd with data.facts as known({})
	builder_trusted.violation == said(why) with input as pod with data.settings as odd with data.facts as known({"attestations": []})
}

test_what_cannot_be_relied_on if {
	expected := said("could not be verified: x")
	builder_trusted.violation == expected with input as pod with data.settings as settings with data.facts as known({"errors": ["x"]})
	builder_trusted.violation == said("has no facts: nobody verified it") with input as pod with data.settings as settings
	{v.details.path | some v in builder_trusted.violation} == {""} with input as of(null) with data.settings as settings
}

said(why) := {{
	"msg": sprintf("image \"%s\" %s", [image, why]),
	"details": {"path": "/spec/containers/0/image", "image": image},
}}

test_a_document_of_facts if {
	builder_trusted.violation == set() with input as of(facts) with data.settings as settings
	expired := changed({"expires_at": "2020-01-02T00:00:00Z"})
	{v.details.path | some v in builder_trusted.violation} == {"/image"} with input as of(expired) with data.settings as settings
}

test_nothing_passes_without_settings if {
	every odd in [{}, null, "x", {"signers": {"issuer": "*", "identity": "*"}, "builders": "*"}] {
		count(builder_trusted.violation) == 1 with input as pod with data.settings as {"provenance": odd} with data.facts as known({})
	}
	count(builder_trusted.violation) == 1 with input as pod with data.facts as known({})
}
