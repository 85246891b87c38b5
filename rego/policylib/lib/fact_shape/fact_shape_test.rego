package policylib.lib.fact_shape_test

import rego.v1

import data.policylib.lib.fact_shape

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

image := concat("@", ["ghcr.io/org/app", digest])

signer := {"issuer": "https://issuer.example", "identity": "a@example.com"}

scan := {"statement_type": "s", "predicate_type": "p", "subject": digest, "signer": signer}

source := {"repository": "r", "ref": "refs/heads/main", "commit": "0123456789abcdef0123456789abcdef01234567"}

provenance := object.union(scan, {"builder": "b", "build_type": "t", "source": source, "external_parameters": {"any thing": [1]}})

sbom := {"format": "spdx", "predicate_type": "p", "subject": digest, "signer": signer}

good := {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": image,
	"verified_at": "2026-03-01T00:00:00Z", "expires_at": "2026-04-01T00:00:00.5+02:00",
	"signers": [signer], "attestations": [scan, provenance], "sbom": [sbom], "errors": ["x", null],
}

changed(path, value) := json.patch(good, [{"op": "add", "path": path, "value": value}])

test_good if {
	fact_shape.mistakes(good) == set()
	fact_shape.mistakes(object.union(good, {"metadata": {"name": "x"}})) == set()
	fact_shape.mistakes(object.union(good, {"signers": [], "attestations": [], "sbom": [], "errors": []})) == set()
	sha256 := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	fact_shape.mistakes(changed("/attestations/1/source/commit", sha256)) == set()
}

test_no_object if {
	every facts in [null, "x", 5, [good]] {
		fact_shape.mistakes(facts) == {" is not an object"}
	}
}

test_everything_that_is_not_optional_is_demanded if {
	every path in [
		"/apiVersion", "/kind", "/image", "/verified_at", "/expires_at", "/signers", "/attestations", "/sbom", "/errors",
		"/signers/0/issuer", "/signers/0/identity", "/attestations/0/statement_type", "/attestations/0/predicate_type",
		"/attestations/0/subject", "/attestations/0/signer", "/attestations/1/source/repository",
		"/sbom/0/format", "/sbom/0/predicate_type", "/sbom/0/subject", "/sbom/0/signer", "/sbom/0/signer/issuer",
	] {
		fact_shape.mistakes(json.remove(good, [path])) == {concat(" ", [path, "is missing"])}
	}
	every path in [
		"/attestations/1/builder", "/attestations/1/build_type", "/attestations/1/source",
		"/attestations/1/external_parameters",
		"/attestations/1/source/ref", "/attestations/1/source/commit",
	] {
		fact_shape.mistakes(json.remove(good, [path])) == set()
	}
}

test_nothing_else_is_read if {
	every path in [
		"/Errors", "/attestations/0/keyid", "/attestations/1/source/url", "/attestations/0/signer/key", "/sbom/0/x",
		"/signers/0/x",
	] {
		fact_shape.mistakes(changed(path, "x")) == {concat(" ", [path, "is unknown"])}
	}
	fact_shape.mistakes(object.union(good, {"a/b\n": 1})) == {"/a~1b? is unknown"}
}

test_each_form if {
	every one in [
		["/apiVersion", "policylib.dev/v2", "policylib.dev/v1"], ["/kind", "imagefacts", "ImageFacts"],
		["/metadata", null, "an object"], ["/image", "", "a repository with a sha256 digest"],
		["/image", 5, "a repository with a sha256 digest"],
		["/image", replace(image, "@", ":1@"), "a repository with a sha256 digest"],
		["/verified_at", "2026-03-01", "a timestamp"], ["/verified_at", "T", "a timestamp"],
		["/expires_at", 1, "a timestamp"],
		["/signers", {}, "a list"], ["/attestations", null, "a list"], ["/sbom", "x", "a list"], ["/errors", {}, "a list"],
		["/signers/0/issuer", "", "plain text"], ["/signers/0/identity", ["x"], "plain text"],
		["/attestations/0/subject", "sha256:0", "a sha256 digest"],
		["/attestations/0/signer", "x", "an object"], ["/attestations/0/builder", null, "plain text"],
		["/attestations/0/builder", {"id": "b"}, "plain text"],
		["/attestations/0/source", null, "an object"], ["/attestations/0/external_parameters", [], "an object"],
		["/attestations/1/source/commit", "main", "a commit"], ["/attestations/1/source/commit", 5, "a commit"],
		["/attestations/1/source/ref", "a\n", "plain text"],
		["/sbom/0/subject", null, "a sha256 digest"],
	] {
		fact_shape.mistakes(changed(one[0], one[1])) == {sprintf("%s is not %s", [one[0], one[2]])}
	}
}

test_no_form_passes_for_another if {
	every x in [
		digest, image, "0123456789abcdef0123456789abcdef01234567", "2026-03-01T00:00:00Z", "policylib.dev/v1", "ImageFacts", "a list", {},
	] {
		fact_shape.mistakes(changed("/errors", x)) == {"/errors is not a list"}
	}
}

test_items_are_objects if {
	every path in ["/signers/0", "/attestations/0", "/sbom/0"] {
		fact_shape.mistakes(json.patch(good, [{"op": "replace", "path": path, "value": "x"}])) == {concat(" ", [path, "is not an object"])}
	}
}
