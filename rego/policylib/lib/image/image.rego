# METADATA
# title: Image references
# description: Whether a reference names exactly one image by digest, and if not, why.
# related_resources:
#   - https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
package policylib.lib.image

import rego.v1

import data.policylib.lib.read
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

# Why a value is no pinned image reference; "" when it is one.
fault(x) := "" if {
	is_pinned(x)
} else := "is missing" if {
	is_null(x)
} else := "is not text" if {
	not is_string(x)
} else := "is empty" if {
	trim_space(x) == ""
} else := "holds an unresolved template or variable" if {
	regex.match(`\{\{|\}\}|\$\{|\$\(`, x)
} else := "holds a character that no image reference may hold" if {
	regex.match(`[^!-~]`, x)
} else := "is a URL, not an image reference" if {
	contains(x, "://")
} else := "has no digest" if {
	not contains(x, "@")
} else := digest_fault(split(x, "@"))

digest_fault(parts) := "holds more than one @" if {
	count(parts) > 2
} else := "is not a valid image reference" if {
	is_digest(parts[1])
} else := sprintf("has a digest whose algorithm is not allowed (allowed: %s)", [allowed]) if {
	regex.match(`\A[a-z0-9+._-]+:`, parts[1])
	not allowed_algorithm(split(parts[1], ":")[0])
	allowed := concat(", ", sort(algorithms))
} else := "has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected"

allowed_algorithm(x) if x in algorithms

# Printable on one line in any terminal or log: whatever else it holds is shown as "?".
shown(x) := substring(regex.replace(x, `[^ -~]`, "?"), 0, 300)

# The one sentence about a faulty image: by its name where it has one, else by its place.
message(x, why, _) := sprintf("image \"%s\" %s", [shown(x), why]) if read.filled(x)

message(x, why, path) := sprintf("%s %s", [shown(path), why]) if not read.filled(x)

# The reference as given, "" where it is none.
named(x) := x if is_string(x)

named(x) := "" if not is_string(x)
