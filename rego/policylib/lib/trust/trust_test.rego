package policylib.lib.trust_test

import rego.v1

import data.policylib.lib.trust

signer := {"issuer": "https://issuer.example", "identity": "*@example.com"}

builder := {"id": "https://builder.example", "level": 2, "issuer": "https://issuer.example", "identity": "a@example.com"}

of(section) := {"provenance": section}

test_nothing_is_trusted_without_settings if {
	trust.signers == []
	trust.builders == []
	trust.formats == ["cyclonedx", "spdx"]
	trust.expected.sources == []
	trust.expected.refs == ["refs/heads/main", "refs/tags/*"]
	trust.expected.build_types == [
		"https://actions.github.io/buildtypes/workflow/v1",
		"https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
	]
	trust.expected.external_parameters == ["workflow"]
}

test_what_is_given_counts if {
	section := {
		"signers": [signer], "builders": [builder], "sbom_formats": ["spdx"],
		"sources": ["a"], "refs": ["b"], "build_types": ["c"], "external_parameters": ["d"],
	}
	trust.signers == [signer] with data.settings as of(section)
	trust.builders == [builder] with data.settings as of(section)
	trust.formats == ["spdx"] with data.settings as of(section)
	trust.expected == {"sources": ["a"], "refs": ["b"], "build_types": ["c"], "external_parameters": ["d"]} with data.settings as of(section)
}

test_what_is_no_list_permits_nothing if {
	every odd in [null, "*", 5, true, {"a": signer}] {
		section := {
			"signers": odd, "builders": odd, "sbom_formats": odd,
			"sources": odd, "refs": odd, "build_types": odd, "external_parameters": odd,
		}
		trust.signers == [] with data.settings as of(section)
		trust.builders == [] with data.settings as of(section)
		trust.formats == [] with data.settings as of(section)
		trust.expected == {"sources": [], "refs": [], "build_types": [], "external_parameters": []} with data.settings as of(section)
	}
	every odd in [null, "x", 5, ["signers"]] {
		trust.signers == [] with data.settings as of(odd)
	}
}

test_malformed_entries_count_for_nothing if {
	every odd in [null, "*", 5, {}, {"issuer": "i"}, {"identity": "*"}, ["i"]] {
		trust.signers == [signer] with data.settings as of({"signers": [odd, signer]})
	}
	trust.formats == ["spdx"] with data.settings as of({"sbom_formats": ["SPDX", "syft", null, "spdx", ["cyclonedx"]]})
}

test_builders if {
	every entry in [
		{"id": "b", "level": 1}, {"id": "b", "level": 3, "issuer": "i"}, {"id": "b", "level": 3, "identity": "*"},
		{"id": "b*", "level": 3},
		{"id": "b*", "level": 3, "issuer": "i"},
	] {
		trust.builders == [entry] with data.settings as of({"builders": [entry]})
	}
	every odd in [
		null, "b", [], {}, {"id": "b"}, {"level": 3}, {"id": "", "level": 3}, {"id": null, "level": 3},
		{"id": ["b"], "level": 3},
		{"id": "b", "level": 0}, {"id": "b", "level": 4}, {"id": "b", "level": 2.5}, {"id": "b", "level": "3"},
		{"id": "b", "level": true},
		{"id": "b", "level": null}, {"id": "b c", "level": 3}, {"id": "b", "level": 3, "issuer": null},
		{"id": "b", "level": 3, "issuer": ""},
		{"id": "b", "level": 3, "identity": ["a"]}, {"id": "b", "level": 3, "identity": ""},
		{"id": "b", "level": 3, "ref": "main"},
		{"id": "b*", "level": 3, "identity": "a"}, {"id": "b*", "level": 3, "issuer": "i", "identity": "*"},
	] {
		trust.builders == [builder] with data.settings as of({"builders": [odd, builder]})
	}
}
