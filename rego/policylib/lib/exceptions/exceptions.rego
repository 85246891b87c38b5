# METADATA
# title: Exceptions
# description: >-
#   What the settings let through for a time, and on whose word. A rule does not know of them, and
#   nothing that a workload says of itself counts.
package policylib.lib.exceptions

import rego.v1

import data.policylib.lib.clock
import data.policylib.lib.read
import data.policylib.lib.settings

default listed := []

listed := entries if {
	entries := settings.get(["exceptions"], [])
	is_array(entries)
}

active := [entry |
	some entry in listed
	is_active(entry)
]

# Whole, and not yet expired.
is_active(entry) if {
	every key in ["rule", "reason", "ticket", "approver"] {
		read.filled(read.at(entry, key, null))
	}
	clock.is_ahead(read.at(entry, "expires", null))
	is_specific(read.object_at(entry, "target"))
}

# Someone named one workload, one image by its digest, or one image in one namespace.
is_specific(target) if {
	read.text(target, "kind") != ""
	read.text(target, "name") != ""
}

is_specific(target) if is_digest(read.text(target, "image"))

is_specific(target) if {
	read.text(target, "namespace") != ""
	read.text(target, "image") != ""
}

is_digest(text) if regex.match(`\A(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z`, text)

# The exception that covers a violation; undefined when none does.
covering(violation) := [entry |
	some entry in active
	entry.rule == violation.rule
	covers(entry.target, violation)
][0]

# Whatever a target names has to agree, and a workload is named as a whole.
covers(target, violation) if {
	every key, value in object.union(unnamed(target), target) {
		agrees(key, value, violation)
	}
}

# A target with a name and no namespace means an object that has none.
unnamed(target) := {"namespace": ""} if {
	read.text(target, "name") != ""
} else := {}

agrees(key, value, violation) if {
	key in {"kind", "name", "namespace"}
	value == violation.resource[key]
}

agrees("image", value, violation) if value == read.text(violation.details, "image")

agrees("image", value, violation) if {
	is_digest(value)
	endswith(read.text(violation.details, "image"), concat("", ["@", value]))
}

agrees("path", value, violation) if value == violation.path

agrees("message", value, violation) if value == violation.msg
