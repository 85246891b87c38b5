# METADATA
# title: Sources
# description: >-
#   Whether what provenance says was built is what the settings expect: repository, ref, build type and
#   parameters from outside.
package policylib.lib.sources

import rego.v1

import data.policylib.lib.identities
import data.policylib.lib.image
import data.policylib.lib.read
import data.policylib.lib.source_urls

# The attestations whose build is as expected in every respect.
as_expected(attestations, expected) := {attestation |
	some attestation in attestations
	count(faults(attestation, expected)) == 0
}

# What is unexpected of each, as a phrase.
unexpected(attestations, expected) := {concat(" and ", sort(faults(attestation, expected))) | some attestation in attestations}

faults(attestation, expected) := union({
	unexpected_repository(read.object_at(attestation, "source"), expected.sources),
	unexpected_ref(read.object_at(attestation, "source"), expected.refs),
	unexpected_type(attestation, expected.build_types),
	unexpected_parameters(attestation, expected.external_parameters),
})

unexpected_repository(said, entries) := {phrase("repository", repository_said) |
	repository_said := read.text(said, "repository")
	not source_urls.is_expected(entries, repository_said)
}

unexpected_ref(said, patterns) := {phrase("ref", ref) |
	ref := read.text(said, "ref")
	not identities.matches_any(patterns, ref)
}

unexpected_type(attestation, types) := {phrase("build type", type) |
	type := read.text(attestation, "build_type")
	not is_listed(types, type)
}

# Without any the build would be known by half.
unexpected_parameters(attestation, names) := {phrase("external parameter", name) |
	some name in object.keys(attestation.external_parameters)
	not is_listed(names, name)
} if {
	is_object(read.at(attestation, "external_parameters", null))
} else := {"no external parameters are said"}

is_listed(names, name) if name in names

phrase(what, "") := sprintf("no %s is said", [what])

phrase(what, x) := sprintf("%s \"%s\"", [what, image.shown(x)]) if x != ""
