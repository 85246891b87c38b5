# METADATA
# title: References
# description: >-
#   The grammar of image references, stricter than that of OCI, which accepts digests of any
#   algorithm and length.
# related_resources:
#   - https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
package policylib.lib.reference

import rego.v1

import data.policylib.lib.settings

# [host/]path[:tag]: a first component is a host only with a dot, with a port or as localhost.
# `\z` and never `$`: nothing may follow, not even a newline.
name_pattern := concat("", [
	`\A(?:(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?`,
	`|localhost|\[[A-Fa-f0-9:]+\]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?:[0-9]+)(?::[0-9]+)?/)?`,
	`[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*)*\z`,
])

tag_pattern := `\A[A-Za-z0-9_][A-Za-z0-9_.-]*\z`

digits := {"sha256": 64, "sha512": 128}

# Only these are known to be safe; the settings choose among them and cannot add to them.
algorithms := {a | some a in listed; digits[a]}

default listed := ["sha256"]

listed := settings.get(["digest", "algorithms"], ["sha256"]) if {
	is_array(settings.get(["digest", "algorithms"], ["sha256"]))
}

# A whole digest of an algorithm that the settings allow.
is_digest(x) if {
	is_string(x)
	[algorithm, hex] := split(x, ":")
	algorithm in algorithms
	count(hex) == digits[algorithm]
	trim_left(hex, "0123456789abcdef") == ""
}

# A repository name with neither tag nor digest.
is_name(x) if {
	is_string(x)
	count(x) <= 255
	regex.match(name_pattern, x)
}

# A name, perhaps with a tag.
is_tagged(x) if is_name(x)

is_tagged(x) if {
	parts := split(x, ":")
	tag := parts[count(parts) - 1]
	count(tag) <= 128
	regex.match(tag_pattern, tag)
	is_name(trim_suffix(x, concat("", [":", tag])))
}

is_pinned(x) if {
	is_string(x)
	[name, digest] := split(x, "@")
	is_digest(digest)
	is_tagged(name)
}

# Why a text with a digest is not pinned.
fault(x) := "holds more than one @" if {
	count(split(x, "@")) > 2
} else := "is not a valid image reference" if {
	is_digest(split(x, "@")[1])
} else := sprintf("has a digest whose algorithm is not allowed (allowed: %s)", [allowed]) if {
	algorithm := split(split(x, "@")[1], ":")[0]
	regex.match(`\A[a-z0-9+._-]+\z`, algorithm)
	not algorithm in algorithms
	allowed := concat(", ", sort(algorithms))
} else := "has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected"
