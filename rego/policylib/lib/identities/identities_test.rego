package policylib.lib.identities_test

import rego.v1

import data.policylib.lib.identities

workflow := "https://github.com/org/app/.github/workflows/release.yml@refs/tags/v1.2.3"

test_a_text_means_itself if {
	every text in [workflow, "a@example.com", `a.b+c?d|e(f)g[h]i{2}^j$k\l`, "#&-~<>'\"!;=,%"] {
		identities.matches(text, text)
		not identities.matches(text, concat("", [text, "x"]))
		not identities.matches(text, concat("", ["x", text]))
	}
}

test_nothing_but_a_star_is_special if {
	every pair in [
		["a.c", "abc"], ["a?", "a"], ["ab+", "abb"], ["a|b", "a"], ["(a)", "a"], ["[ab]", "a"], ["a{2}", "aa"], ["^a", "a"],
		["a$", "a"], ["[:alpha:]", "a"], ["", ""], ["", "a"],
	] {
		not identities.matches(pair[0], pair[1])
	}
}

test_a_star_stands_for_one_part if {
	every pattern in [
		"https://github.com/org/app/.github/workflows/release.yml@refs/tags/*",
		"https://github.com/org/*/.github/workflows/*.yml@refs/tags/v*.*.*",
		"https://*/org/app/.github/workflows/release.yml@refs/tags/v1.2.3",
	] {
		identities.matches(pattern, workflow)
	}
	every pattern in [
		"*", "https://github.com/*", "https://github.com/org/*@refs/tags/v1.2.3", "*/refs/tags/v1.2.3",
		"https://github.com/org/app/.github/workflows/release.yml*/tags/v1.2.3",
		"https://github.com/org/app*/.github/workflows/release.yml@refs/tags/v1.2.3",
		"https://github.com/org/app/.github/workflows/release.yml@refs/tags/v1.2.3*",
	] {
		not identities.matches(pattern, workflow)
	}
	identities.matches("*@example.com", "a@example.com")
	every text in [
		"@example.com", "a@b@example.com", "a@example.com.evil.test", "a/b@example.com",
		"a@example.com\n", "á@example.com", "a b@example.com",
	] {
		not identities.matches("*@example.com", text)
	}
	not identities.matches("**", "a")
}

test_only_visible_ascii_is_plain if {
	every x in [null, 5, true, [], {}, "", " ", "a b", "a\n", "\ta", "a\u0000", "раypal", "a\u200b", "é"] {
		not identities.is_plain(x)
		not identities.matches(x, x)
	}
	not identities.matches("a", null)
	not identities.matches(null, "a")
	identities.is_plain("!~")
}

test_any_of_several if {
	identities.matches_any(["b", "a*"], "ab")
	not identities.matches_any(["b", "a*"], "c")
	not identities.matches_any([], "c")
}

test_entries if {
	identities.is_signer({"issuer": "https://issuer.example", "identity": "*@example.com"})
	every entry in [
		null, "a", [], {}, {"issuer": "i"}, {"identity": "a"}, {"issuer": "", "identity": "a"},
		{"issuer": "i", "identity": ""},
		{"issuer": null, "identity": "a"}, {"issuer": "i", "identity": ["a"]},
		{"issuer": "i", "identity": "a", "ref": "main"},
	] {
		not identities.is_signer(entry)
	}
}

test_issuer_and_identity_belong_together if {
	entries := [{"issuer": "i", "identity": "*@a.example"}, {"issuer": "j*", "identity": "b"}]
	identities.allows(entries, {"issuer": "i", "identity": "x@a.example"})
	identities.allows(entries, {"issuer": "j*", "identity": "b"})
	every signer in [
		{"issuer": "j*", "identity": "x@a.example"}, {"issuer": "i", "identity": "b"}, {"issuer": "jj", "identity": "b"},
		{"issuer": "i/", "identity": "x@a.example"}, {"issuer": "I", "identity": "x@a.example"}, {},
	] {
		not identities.allows(entries, signer)
	}
	not identities.allows([], {"issuer": "i", "identity": "x@a.example"})
}

test_names if {
	identities.names([]) == "nobody"
	b := {"identity": "b", "issuer": "https://i"}
	identities.names([b, {"identity": "a", "issuer": "https://j"}, b]) == "a of https://j, b of https://i"
}
