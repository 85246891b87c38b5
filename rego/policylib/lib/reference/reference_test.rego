package policylib.lib.reference_test

import rego.v1

import data.policylib.lib.reference

encoded := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

digest := concat("", ["sha256:", encoded])

digest512 := concat("", ["sha512:", encoded, encoded])

long(text, times) := concat("", [text | some _ in numbers.range(1, times)])

at_digest(name) := concat("@", [name, digest])

test_pinned if {
	every name in [
		"repo", "repo:tag", "host:5000/repo", "host:5000/repo:tag", "localhost/a", "[::1]/a", "[::1]:5000/a",
		"a.b.c/d/e_f/g__h/i--j.k:V1.2-x_y", "GHCR.io/org/app", "xn--80ak6aa92e.com/app",
		concat("", ["x:", long("t", 128)]), concat("", [long("a/", 127), "x"]),
		concat("", [long("a/", 127), "x:", long("t", 128)]),
	] {
		reference.is_pinned(at_digest(name))
	}
}

test_names_that_no_registry_has if {
	every name in [
		"", "X", "Org/app", "ghcr.io/Org/app", "a//b", "/a", "a/", "-a", "a-", "a_", "a___b", "a..b", "a.b:x/c",
		"-a.com/b", "x:", "x:-a", "x:a:b", "x y", "x?y", "https://x/y", "$(x)", "{{x}}", "a\nb", "a\u200bb", "\u0430pp",
		concat("", ["x:", long("t", 129)]), concat("", [long("a/", 127), "xx"]), concat("", [long("a/", 127), "xx:t"]),
		concat("", [long("a/", 128), "x:", long("t", 128)]), concat("", [long("a.", 125), "b:5000/cccc"]),
	] {
		not reference.is_pinned(at_digest(name))
	}
}

test_malformed_digests if {
	every text in [
		"", "sha256:", "sha256:abc", encoded, substring(digest, 0, 70), concat("", [digest, "0"]), upper(digest),
		concat("", ["sha256:", upper(encoded)]), concat("", ["sha256:", long("g", 64)]), concat("", [digest, "\n"]),
		concat("", ["\n", digest]), concat("", [digest, " "]), concat("", [digest, "\u0000"]),
		concat("", [digest, "\u200b"]), concat("", [digest, ":latest"]), concat("", [digest, "/y:latest"]),
		concat("", [digest, "@", digest]), concat("", [digest, "?q"]), concat("", [digest, "#f"]),
		concat("", ["md5:", encoded]), concat("", ["sha1:", encoded]), "foo:bar", "latest:latest",
		concat("", ["sha512:", encoded]), digest512, concat("", ["sha256:sha256:", encoded]),
	] {
		not reference.is_pinned(concat("@", ["repo", text]))
		not reference.is_digest(text)
	}
}

test_only_text_is_pinned if {
	every x in [null, true, 1, [], {}, [digest], ""] {
		not reference.is_pinned(x)
		not reference.is_digest(x)
		not reference.is_name(x)
	}
}

test_settings_choose_among_known_algorithms if {
	pinned512 := concat("@", ["repo", digest512])
	settings := {"digest": {"algorithms": ["sha512"]}}
	reference.is_pinned(pinned512) with data.settings as settings
	not reference.is_pinned(at_digest("repo")) with data.settings as settings
}

test_settings_cannot_widen if {
	every algorithms in [["md5"], [null, {}, "SHA256"], []] {
		settings := {"digest": {"algorithms": algorithms}}
		not reference.is_pinned(concat("", ["repo@md5:", substring(encoded, 0, 32)])) with data.settings as settings
		not reference.is_pinned(at_digest("repo")) with data.settings as settings
	}
	every algorithms in ["md5", null, {"md5": 32}] {
		settings := {"digest": {"algorithms": algorithms}}
		reference.is_pinned(at_digest("repo")) with data.settings as settings
	}
}

test_tags if {
	every x in ["repo", "repo:tag", "host:5000/repo:tag"] {
		reference.is_tagged(x)
	}
	every x in [null, 5, "", "repo:", at_digest("repo"), concat("", ["x:", long("t", 129)])] {
		not reference.is_tagged(x)
	}
}

test_names if {
	reference.is_name("host:5000/repo")
	not reference.is_name("repo:tag")
	reference.is_name(long("a", 255))
	not reference.is_name(long("a", 256))
}

test_why if {
	every x, why in {
		concat("@", [at_digest("a"), "b"]): "holds more than one @",
		at_digest("A"): "is not a valid image reference",
		"a@md5:x": "has a digest whose algorithm is not allowed (allowed: sha256)",
		"a@MD5:x": "has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected",
		"a@sha256:x": "has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected",
	} {
		reference.fault(x) == why
	}
	reference.fault("a@md5:x") == "has a digest whose algorithm is not allowed (allowed: sha256, sha512)"
		with data.settings as {"digest": {"algorithms": ["sha512", "sha256"]}}
}
