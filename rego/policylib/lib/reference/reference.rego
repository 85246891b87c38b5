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

label := `[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?`

port := `:[0-9]+`

# A first component without a dot, a port or the name localhost is no host but part of the path.
host := concat("", [
	`(?:`, label, `(?:\.`, label, `)+(?:`, port, `)?|`, label, port, `|localhost|`,
	`\[[A-Fa-f0-9:]+\](?:`, port, `)?)`,
])

component := `[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`

tag := `:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`

digest := `(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})`

name := concat("", [`(?:`, host, `/)?`, component, `(?:/`, component, `)*`])

# `\z` and never `$`: nothing may follow, not even a newline.
name_pattern := concat("", [`\A`, name, `\z`])

digest_pattern := concat("", [`\A`, digest, `\z`])

reference_pattern := concat("", [`\A`, name, `(?:`, tag, `)?@`, digest, `\z`])

# Only these are known to be safe; the settings choose among them and cannot add to them.
algorithms := {"sha256", "sha512"} & {a | some a in listed}

default listed := ["sha256"]

listed := settings.get(["digest", "algorithms"], ["sha256"]) if {
	is_array(settings.get(["digest", "algorithms"], ["sha256"]))
}

# A whole digest of an algorithm that the settings allow.
is_digest(x) if {
	is_string(x)
	regex.match(digest_pattern, x)
	split(x, ":")[0] in algorithms
}

# A repository name with neither tag nor digest.
is_name(x) if {
	is_string(x)
	regex.match(name_pattern, x)
	count(x) <= 255
}

is_pinned(x) if {
	is_string(x)
	regex.match(reference_pattern, x)
	is_digest(split(x, "@")[1])
	name_fits(x)
}

name_fits(x) if count(x) <= 255

name_fits(x) if {
	count(x) > 255
	count(regex.replace(split(x, "@")[0], concat("", [tag, `\z`]), "")) <= 255
}
