# METADATA
# title: Subjects
# description: What is verified of an image is verified of its sha256 digest, and kept under its name without a tag.
package policylib.lib.subject

import rego.v1

import data.policylib.lib.image
import data.policylib.lib.reference

# The repository and digest of an image reference; "" where it lacks either.
key(x) := concat("@", [name, digest]) if {
	[tagged, digest] := split(image.named(x), "@")
	is_digest(digest)
	name := regex.replace(tagged, `:[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}\z`, "")
	reference.is_name(name)
} else := ""

is_digest(x) if regex.match(`\Asha256:[0-9a-f]{64}\z`, image.named(x))

# The digest of what has both.
digest(key) := split(key, "@")[1]
