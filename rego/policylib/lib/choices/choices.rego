# METADATA
# title: Choices
# description: >-
#   The pieces of a document that choose images: what is wrong with each, and where its images are
#   from. Whoever finds a piece says its form, its path and its value; a piece that stands in a text
#   says `flat`, for its faults have no place of their own.
package policylib.lib.choices

import rego.v1

import data.policylib.lib.image
import data.policylib.lib.origins
import data.policylib.lib.overrides
import data.policylib.lib.parameters
import data.policylib.lib.values

# What is wrong: a set of path, image and why.
faults(piece) := {placed(piece, fault) | some fault in wrong(piece)}

wrong(piece) := values.in_tree(piece.path, piece.value) if piece.form == "values"

wrong(piece) := values.in_override(piece.path, piece.value) if piece.form == "override"

wrong(piece) := overrides.faults(piece.path, piece.value) if piece.form == "images"

wrong(piece) := overrides.item_faults(piece.path, piece.value) if piece.form == "image"

wrong(piece) := parameters.faults(piece.path, piece.value) if piece.form == "parameters"

wrong(piece) := parameters.faults(piece.path, parameters.unseen(piece.value)) if piece.form == "files"

wrong(piece) := {{"path": piece.path, "image": piece.value, "why": why} |
	why := image.fault(piece.value)
	why != ""
} if {
	piece.form == "reference"
}

# Something stands where nobody can tell which image it chooses; the value says what.
wrong(piece) := {{"path": piece.path, "image": "", "why": piece.value}} if piece.form == "gap"

# Where the images are from: a set of path, image (of any type) and of, as lib/origins says.
named(piece) := {placed(piece, origin) | some origin in told(piece)}

told(piece) := origins.in_tree(piece.path, piece.value) if piece.form in {"override", "values"}

told(piece) := overrides.named(piece.path, piece.value) if piece.form == "images"

told(piece) := overrides.item_named(piece.path, piece.value) if piece.form == "image"

told(piece) := parameters.named(piece.path, piece.value) if piece.form == "parameters"

told(piece) := parameters.named(piece.path, parameters.unseen(piece.value)) if piece.form == "files"

told(piece) := {{"path": piece.path, "image": piece.value, "of": "image"}} if piece.form == "reference"

told(piece) := {{"path": piece.path, "image": null, "of": "image"}} if piece.form == "gap"

placed(piece, found) := object.union(found, {"path": piece.path}) if {
	piece.flat
} else := found
