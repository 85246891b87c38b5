# METADATA
# title: Repositories
# description: >-
#   The repository that an image reference names, in one spelling: host and path. A reference
#   without a host means Docker Hub, whose own repositories stand below library/. A host is the same
#   in any case, and with the port that HTTPS has anyway.
# related_resources:
#   - https://github.com/distribution/reference
package policylib.lib.repository

import rego.v1

import data.policylib.lib.reference.host as host_pattern
import data.policylib.lib.reference.path as path_pattern

hub := "docker.io"

# Other names of Docker Hub.
aliases := {"index.docker.io", "registry-1.docker.io"}

# No host at all means it too.
hubs := aliases | {""}

# Host and path are taken from a reference in one step, since every document pays for every entry of
# the settings.
pattern := concat("", [`\A(?:(`, host_pattern, `|`, dotted, `)/)?(`, path_pattern, `)`, tag_and_digest, `\z`])

# What begins a path and holds a dot is taken for a host, though with a "_" it is none.
dotted := `[a-z0-9]+(?:(?:__?|-+)[a-z0-9]+)*(?:\.[a-z0-9]+(?:(?:__?|-+)[a-z0-9]+)*)+`

tag_and_digest := `(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64}|@sha512:[0-9a-f]{128})?`

place_pattern := concat("", [`\A`, host_pattern, `/(?:`, path_pattern, `/?)?\z`])

# A repository, or with a slash at its end a place for some, that is in the one spelling for sure:
# to see that costs half of taking it apart.
is_spelled(x) if {
	is_string(x)
	count(x) <= 252
	lower(x) == x
	not contains(x, "docker.io/")
	not contains(x, ":443/")
	regex.match(place_pattern, x)
}

# host/path; "" for what is no image reference.
of(x) := spelled(canonical(before), rest) if {
	is_string(x)
	[_, before, rest] := regex.find_all_string_submatch_n(pattern, x, 1)[0]
	count(trim_prefix(concat("/", [before, rest]), "/")) <= 255
} else := ""

# The spelling of everything below a host or path, with a slash at its end; "" for what is neither.
below(x) := trim_suffix(repository, "x/x") if {
	is_string(x)
	repository := of(concat("", [trim_suffix(x, "/"), "/x/x"]))
} else := ""

# Whether a name begins with a host, as container runtimes tell.
has_host(x) if {
	parts := split(x, "/")
	count(parts) > 1
	is_host(parts[0])
}

is_host(part) if regex.match(`[.:]|\Alocalhost\z`, part)

spelled(host, path) := concat("/", [host, "library", path]) if {
	host == hub
	not contains(path, "/")
} else := concat("/", [host, path])

canonical(host) := hub if {
	plain(host) in hubs
} else := plain(host)

plain(host) := trim_suffix(lower(host), ":443")
