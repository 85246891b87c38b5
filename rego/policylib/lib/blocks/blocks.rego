# METADATA
# title: Image blocks
# description: What registry, repository, tag and digest, in keys of their own, come to.
package policylib.lib.blocks

import rego.v1

import data.policylib.lib.block_keys
import data.policylib.lib.image
import data.policylib.lib.read

nested_faults(x) := faults(x, block_keys.nested(x))

flat_faults(x) := {fault | some keys in block_keys.flat(x); some fault in faults(x, keys)}

# Whether the parts, nested or flat, come to anything.
chooses(x) if reference(x, block_keys.nested(x)) != ""

chooses(x) if {
	some keys in block_keys.flat(x)
	reference(x, keys) != ""
}

# What is wrong with a block: a set of key, image and why.
faults(x, keys) := {object.union({"key": key_at_fault(x, keys)}, in_words(x, keys, why)) |
	why := image.fault(anchored(reference(x, keys)))
	why != ""
}

# Numbers are not shown, since 1.10 is 1.1 to some readers.
in_words(x, keys, why) := {
	"image": repository(x, keys),
	"why": "has a number for a tag, and no digest: put the tag in quotes, and give a digest",
} if {
	is_number(read.at(x, keys.tag, null))
	not read.says(x, keys.digest)
} else := {"image": "", "why": "is a tag without a digest, and no repository is given here"} if {
	regex.match(`\A:[^@]*\z`, reference(x, keys))
} else := {"image": reference(x, keys), "why": why}

# What the block comes to; "" when it chooses nothing.
reference(x, keys) := concat("", [repository(x, keys), tag(x, keys), digest(x, keys)])

# An image that may be written in parts: these as one text, and anything else as it stands.
whole(x) := reference(x, keys) if {
	is_object(x)
	keys := block_keys.nested(x)
	read.says(x, keys.repository)
} else := x

# Without a repository the chart's own is meant: a stand-in takes its place in the judgement.
anchored(ref) := concat("", ["x", ref]) if {
	regex.match(`\A[:@]`, ref)
} else := ref

repository(x, keys) := "" if {
	not read.says(x, keys.repository)
} else := concat("/", [registry, part(x, keys.repository)]) if {
	read.says(x, keys.registry)
	registry := trim_suffix(part(x, keys.registry), "/")
} else := part(x, keys.repository)

tag(x, keys) := concat("", [":", part(x, keys.tag)]) if {
	read.says(x, keys.tag)
	not is_beside_digest(x, keys)
} else := ""

# Numbers are written differently by each engine; where a digest decides, nothing depends on it.
is_beside_digest(x, keys) if {
	is_number(read.at(x, keys.tag, null))
	read.says(x, keys.digest)
}

digest(x, keys) := concat("", ["@", algorithm(keys.digest, value), value]) if {
	read.says(x, keys.digest)
	value := part(x, keys.digest)
} else := ""

# Under these keys some charts expect the digits alone.
algorithm(key, value) := "sha256:" if {
	regex.match(`sha(?:256)?\z`, lower(key))
	not contains(value, ":")
} else := ""

# A part as text.
part(x, key) := value if {
	value := read.at(x, key, null)
	is_string(value)
} else := "?"

# The part that a reader would change.
key_at_fault(x, keys) := [keys[field] |
	some field in ["digest", "tag", "repository"]
	read.says(x, keys[field])
][0]
