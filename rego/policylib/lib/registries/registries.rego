# METADATA
# title: Allowed registries
# description: >-
#   The registries and repositories that the settings allow, and what lies outside them.
package policylib.lib.registries

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.reference
import data.policylib.lib.repository
import data.policylib.lib.settings

section := settings.get(["digest"], {})

# What is absent restricts nothing. Whatever is there does, and even null is not absent.
default is_restricted := true

is_restricted := false if {
	is_object(section)
	not speaks_of_registries
}

speaks_of_registries if {
	is_object(section)
	"registries" in object.keys(section)
}

# The entries in one spelling; "" for what is no entry.
entries contains spelled(entry) if some entry in read.list(section, "registries")

spelled(entry) := entry if {
	repository.is_spelled(entry)
} else := repository.below(entry) if {
	is_string(entry)
	endswith(entry, "/")
} else := repository.of(entry) if {
	is_whole(entry)
} else := ""

# A host alone would be a repository of Docker Hub, and is a slip.
is_whole(entry) if {
	reference.is_name(entry)
	regex.match(`/|\A[^.]+\z`, entry)
}

# One slip makes them all void: nobody can say what was meant.
is_sound if {
	count(entries) > 0
	not is_flawed
}

is_flawed if "" in entries

# Why an image is not allowed; "" when it is.
fault(x) := unsound if {
	not is_sound
} else := repository_fault(repository.of(x))

repository_fault(name) := "is no image reference, so its registry cannot be told" if {
	name == ""
} else := "" if {
	admits(name)
} else := sprintf("is from %s, which digest.registries does not allow", [name])

# Why a registry that is chosen without a repository is not allowed; "" when it may be.
registry_fault(x) := unsound if {
	not is_sound
} else := place_fault(repository.below(x))

place_fault(place) := "is no registry" if {
	place == ""
} else := "" if {
	touches(place)
} else := "is a registry that digest.registries does not allow"

unsound := "is not allowed: digest.registries has to be a list of registries and repositories"

admits(name) if name in entries

admits(name) if {
	some entry in entries
	startswith(name, entry)
	endswith(entry, "/")
}

# What is allowed lies in it or around it, or is it.
touches(place) if trim_suffix(place, "/") in entries

touches(place) if {
	some entry in entries
	startswith(entry, place)
}

touches(place) if {
	some entry in entries
	startswith(place, entry)
	endswith(entry, "/")
}
