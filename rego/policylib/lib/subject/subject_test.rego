package policylib.lib.subject_test

import rego.v1

import data.policylib.lib.subject

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

at(name) := concat("@", [name, digest])

test_keys if {
	every name in ["app", "org/app", "ghcr.io/org/app", "localhost:5000/app", "[::1]:5000/app"] {
		subject.key(at(name)) == at(name)
		subject.key(at(concat("", [name, ":1.2_3-x"]))) == at(name)
	}
}

test_no_key if {
	every x in [
		null, 5, {}, "", "app", "app:1", digest, at(""), at(":1"), at("App"), at("a:b:c"), at("app:"), at("a b"),
		at("https://a/b"),
		concat("", [at("app"), "0"]), concat("", [at("app"), "\n"]), concat("", [at("app"), ":1"]), concat("@", [at("app"), digest]),
		"app@sha256:abc", upper(at("app")), "app@sha512:00",
		at(concat("", ["app:", concat("", ["x" | some _ in numbers.range(1, 129)])])),
	] {
		subject.key(x) == ""
	}
}

test_digests if {
	subject.is_digest(digest)
	subject.digest(at("app")) == digest
	every x in [null, 5, "", "sha256:", upper(digest), concat("", [digest, "0"]), concat("", [digest, "\n"]), concat("", [" ", digest])] {
		not subject.is_digest(x)
	}
}
