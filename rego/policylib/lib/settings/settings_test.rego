package policylib.lib.settings_test

import rego.v1

import data.policylib.lib.settings

test_without_settings_the_fallback_holds if {
	settings.get(["digest", "algorithms"], ["sha256"]) == ["sha256"]
}

test_settings_are_read if {
	settings.get(["digest", "algorithms"], []) == ["sha512"] with data.settings as {"digest": {"algorithms": ["sha512"]}}
}

test_strange_settings_are_none if {
	every strange in [null, "digest", ["digest"], {"digest": "sha512"}] {
		settings.get(["digest", "algorithms"], []) == [] with data.settings as strange
	}
}

test_families_with_a_section if {
	every section in [{}, null, "x", {"regions": []}] {
		settings.speaks_of("residency") with data.settings as {"residency": section}
	}
	not settings.speaks_of("residency") with data.settings as {"tier": {}}
	not settings.speaks_of("residency") with data.settings as ["residency"]
	not settings.speaks_of("residency")
}

test_parameters_are_ignored if {
	settings.get(["digest"], {}) == {} with input as {"parameters": {"digest": {"algorithms": ["md5"]}}}
}
