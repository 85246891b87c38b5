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

# [host/]path and [host/]path:tag. A first component is a host only with a dot or a port, in
# brackets, or as localhost. `\z` and never `$`: nothing may follow, not even a newline.
name_pattern := concat("", [`\A`, name, `\z`])

name := concat("", [`(?:`, host, `/)?`, path])

host := concat("", [
	`(?:(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?`,
	`|localhost|\[[A-Fa-f0-9:]+\]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?:[0-9]+)(?::[0-9]+)?)`,
])

path := `[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*)*`

tagged_pattern := concat("", [`\A`, name, `(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?\z`])

lengths := {"sha256": 64, "sha512": 128}

# Only these are known to be safe; the settings choose among them and cannot add to them.
algorithms[algorithm] := length if {
	some algorithm in listed
	length := lengths[algorithm]
}

default listed := ["sha256"]

listed := given if {
	given := settings.get(["digest", "algorithms"], ["sha256"])
	is_array(given)
}

# A whole digest of an algorithm that the settings allow.
is_digest(x) if {
	is_string(x)
	[algorithm, encoded] := split(x, ":")
	count(encoded) == algorithms[algorithm]
	trim_left(encoded, "0123456789abcdef") == ""
}

# A repository name with neither tag nor digest.
is_name(x) if {
	is_string(x)
	count(x) <= 255
	regex.match(name_pattern, x)
}

# A name has at most 255 characters, a tag 128.
fits(x) if {
	count(x) <= 128
} else if {
	last := count(split(x, ":")) - 1
	tag := split(x, ":")[last]
	not contains(tag, "/")
	count(tag) <= 128
	count(x) - count(tag) <= 256
} else if {
	count(x) <= 255
	regex.match(name_pattern, x)
}

# A repository name, with a tag or without one.
is_tagged(x) if {
	is_string(x)
	regex.match(tagged_pattern, x)
	fits(x)
}

is_pinned(x) if {
	is_string(x)
	[tagged, digest] := split(x, "@")
	is_digest(digest)
	is_tagged(tagged)
}

# Why a text with a digest is not pinned.
fault(x) := "holds more than one @" if {
	count(split(x, "@")) > 2
} else := "is not a valid image reference" if {
	is_digest(split(x, "@")[1])
} else := sprintf("has a digest whose algorithm is not allowed (allowed: %s)", [allowed]) if {
	algorithm := split(split(x, "@")[1], ":")[0]
	regex.match(`\A[a-z0-9+._-]+\z`, algorithm)
	not is_allowed(algorithm)
	allowed := concat(", ", sort(object.keys(algorithms)))
} else := "has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected"

is_allowed(algorithm) if algorithms[algorithm]
