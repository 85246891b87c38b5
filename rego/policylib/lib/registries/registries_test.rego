package policylib.lib.registries_test

import rego.v1

import data.policylib.lib.registries

of(entries) := {"digest": {"registries": entries}}

unsound := "is not allowed: digest.registries has to be a list of registries and repositories"

test_absent_settings_restrict_nothing if {
	every given in [{}, {"digest": {}}, {"digest": {"algorithms": ["sha256"]}}] {
		registries.is_restricted == false with data.settings as given
	}
	every given in [{"digest": null}, {"digest": "x"}, of(null), of([]), of("ghcr.io/")] {
		registries.is_restricted with data.settings as given
	}
}

test_malformed_settings_allow_nothing if {
	odd := [
		"", "/", "*", "*/", " ", "ghcr.io", "https://ghcr.io/", "ghcr.io/org/app:1", "ghcr.io/Org/", "ghcr.io//", "ghcr.io/*",
		"localhost:5000", "user@ghcr.io/", "../", "ghcr.io/org/../", null, 5, true, {}, ["ghcr.io/"],
	]
	every entry in odd {
		registries.fault("ghcr.io/org/app") == unsound with data.settings as of(["ghcr.io/", entry])
		registries.registry_fault("ghcr.io") == unsound with data.settings as of(["ghcr.io/", entry])
	}
	every given in [{"digest": null}, of([]), of(null), of("ghcr.io/"), of({"ghcr.io/": true}), of(true)] {
		registries.fault("ghcr.io/org/app") == unsound with data.settings as given
	}
}

test_what_entries_allow if {
	every case in [
		["ghcr.io/", "ghcr.io/org/app"],
		["ghcr.io/org/", "GHCR.io:443/org/team/app:1"],
		["ghcr.io/org/app", "ghcr.io/org/app:1"],
		["GHCR.io/", "ghcr.io/app"],
		["docker.io/", "nginx"],
		["docker.io/library/", "nginx:1.27"],
		["library/", "docker.io/library/nginx"],
		["nginx", "index.docker.io/library/nginx"],
		["org/app", "docker.io/org/app"],
		["localhost:5000/", "localhost:5000/app"],
	] {
		registries.fault(case[1]) == "" with data.settings as of(["other.example.com/", case[0]])
	}
}

test_what_they_do_not if {
	every case in [
		["myreg.io/", "myreg.io.evil.com/x", "myreg.io.evil.com/x"],
		["myreg.io/", "myreg.io:5000/x", "myreg.io:5000/x"],
		["myreg.io/org/", "myreg.io/organisation/x", "myreg.io/organisation/x"],
		["myreg.io/org/", "myreg.io/org", "myreg.io/org"],
		["myreg.io/org/app", "myreg.io/org/app2", "myreg.io/org/app2"],
		["myreg.io/org/app", "myreg.io/org/app/x", "myreg.io/org/app/x"],
		["nginx", "ghcr.io/library/nginx", "ghcr.io/library/nginx"],
		["docker.io/org/", "nginx", "docker.io/library/nginx"],
		["library/", "org/nginx", "docker.io/org/nginx"],
	] {
		why := sprintf("is from %s, which digest.registries does not allow", [case[2]])
		registries.fault(case[1]) == why with data.settings as of([case[0]])
	}
	every x in [null, 5, "", "https://ghcr.io/x", "ghcr.io/../x", "user:pass@ghcr.io/x", "Ghcr.io/X"] {
		registries.fault(x) == "is no image reference, so its registry cannot be told" with data.settings as of(["ghcr.io/"])
	}
}

test_a_registry_alone if {
	every x in ["ghcr.io", "ghcr.io/", "ghcr.io/org", "ghcr.io/org/team"] {
		registries.registry_fault(x) == "" with data.settings as of(["ghcr.io/org/"])
	}
	registries.registry_fault("ghcr.io/org/app") == "" with data.settings as of(["ghcr.io/org/app"])
	every x in ["evil.io", "ghcr.io/other", "ghcr.i", "docker.io", "ghcr.io/org/app/x", "org"] {
		registries.registry_fault(x) == "is a registry that digest.registries does not allow" with data.settings as of(["ghcr.io/org/app"])
	}
	every x in ["evil.io", "ghcr.io/other", "ghcr.io/organisation"] {
		registries.registry_fault(x) == "is a registry that digest.registries does not allow" with data.settings as of(["ghcr.io/org/"])
	}
	every x in [5, null, "https://ghcr.io", "ghcr.io//", "{{ x }}"] {
		registries.registry_fault(x) == "is no registry" with data.settings as of(["ghcr.io/org/"])
	}
}
