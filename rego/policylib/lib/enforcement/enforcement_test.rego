package policylib.lib.enforcement_test

import rego.v1

import data.policylib.lib.enforcement

test_what_is_off_as_a_whole_is_not_heard if {
	every case in [
		[{}, {"digest", "provenance", "residency", "tier"}],
		[{"digest": "off", "tier": "warn"}, {"provenance", "residency", "tier"}],
		[{"digest.image_pinned": "off"}, {"digest", "provenance", "residency", "tier"}],
		[{"digest": "off", "digest.image_pinned": "off"}, {"provenance", "residency", "tier"}],
		[{"digest": "off", "digest.image_pinned": "log", "tier": "off"}, {"digest", "provenance", "residency"}],
		[{"digest": "off", "digest.image_pinned": null}, {"digest", "provenance", "residency", "tier"}],
		["off", {"digest", "provenance", "residency", "tier"}],
	] {
		enforcement.heard == case[1] with data.settings as {"environment": "dev", "enforcement": {"dev": case[0]}}
	}
}

test_what_is_said_of_a_rule_goes_before_what_is_said_of_its_family if {
	every case in [
		[{}, "deny"],
		[{"digest": "warn"}, "warn"],
		[{"digest": "warn", "digest.image_pinned": "off"}, "off"],
		[{"digest": "warn", "digest.image_pinned": "Log"}, "deny"],
		[{"tier": "warn", "digest.registry_allowed": "off"}, "deny"],
	] {
		settings := {"environment": "dev", "enforcement": {"dev": case[0]}}
		enforcement.of("digest", "digest.image_pinned") == case[1] with data.settings as settings
	}
}

test_a_rule_that_has_just_entered_warns if {
	enforcement.of("digest", "digest.image_pinned") == "warn" with data.settings as {"entering": ["digest.image_pinned"]}
	enforcement.of("digest", "digest.image_pinned") == "deny" with data.settings as {"entering": "digest.image_pinned"}
}

test_whether_there_may_be_warnings if {
	every levels in [{"digest": "warn"}, {"digest": "off", "tier.assigned": "warn"}] {
		enforcement.warns with data.settings as {"environment": "dev", "enforcement": {"dev": levels}}
	}
	enforcement.warns with data.settings as {"entering": ["tier.assigned"]}
}

test_whether_there_can_be_none if {
	every given in [
		{},
		{"environment": "dev", "enforcement": {"dev": {"digest": "log"}, "prod": {"digest": "warn"}}},
		{"environment": "dev", "enforcement": {"dev": "warn"}},
		{"entering": []},
		{"entering": "tier.assigned"},
	] {
		not enforcement.warns with data.settings as given
	}
}
