# METADATA
# title: Trust
# description: >-
#   Whom and what the settings' provenance section trusts. Each entry counts as it is written or, where
#   it is malformed, for nothing; what is no list permits nothing.
package policylib.lib.trust

import rego.v1

import data.policylib.lib.identities
import data.policylib.lib.read
import data.policylib.lib.settings

signers := [entry | some entry in listed("signers", []); identities.is_signer(entry)]

builders := [entry | some entry in listed("builders", []); is_builder(entry)]

formats := [entry | some entry in listed("sbom_formats", ["cyclonedx", "spdx"]); entry in {"cyclonedx", "spdx"}]

# What the source of a build may be.
expected := {
	"sources": listed("sources", []),
	"refs": listed("refs", ["refs/heads/main", "refs/tags/*"]),
	"build_types": listed("build_types", [
		"https://actions.github.io/buildtypes/workflow/v1",
		"https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
	]),
	"external_parameters": listed("external_parameters", ["workflow"]),
}

listed(key, usual) := given if {
	given := settings.get(["provenance", key], usual)
	is_array(given)
} else := []

# A builder has an id and a level. An id that means many builders binds each of them to itself:
# another's identity would let one builder speak for all.
is_builder(entry) if {
	is_level(read.at(entry, "level", null))
	count(object.keys(entry) - {"id", "level", "issuer", "identity"}) == 0
	every key in ["id", "issuer", "identity"] {
		identities.is_plain(read.at(entry, key, "-"))
	}
	is_bindable(read.text(entry, "id"), object.keys(entry))
}

is_bindable(id, _) if {
	id != ""
	not contains(id, "*")
}

is_bindable(id, keys) if {
	contains(id, "*")
	not names_identity(keys)
}

names_identity(keys) if "identity" in keys

# SLSA's levels of builds.
is_level(x) if {
	some level in [1, 2, 3]
	x == level
}
