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

# The exception that covers a violation; undefined when none does. Of many entries nearly all are
# about something else, so that is asked first.
covering(violation) := [entry |
	about := object.union(
		object.remove(violation.resource, ["apiVersion"]),
		{"path": violation.path, "message": violation.msg},
	)
	some entry in listed
	entry.rule == violation.rule
	is_object(entry.target)
	object.subset(about, object.remove(entry.target, ["image"]))
	stands(entry.target, about.namespace)
	shows(entry.target, read.text(violation.details, "image"))
	is_active(entry)
][0]

# A workload is named as a whole: without a namespace it is an object that has none.
stands(target, namespace) if target.namespace == namespace

stands(_, namespace) if namespace == ""

stands(target, _) if read.text(target, "name") == ""

shows(target, image) if object.get(target, "image", image) == image

shows(target, image) if {
	digest := read.text(target, "image")
	is_digest(digest)
	endswith(image, concat("", ["@", digest]))
}
