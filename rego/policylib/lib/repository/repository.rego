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

import data.policylib.lib.reference

hub := "docker.io"

# Other names of Docker Hub.
aliases := {"index.docker.io", "registry-1.docker.io"}

# host/path; "" for what is no image reference.
of(x) := located(untagged(name)) if {
	is_string(x)
	name := undigested(x)
	reference.is_tagged(name)
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

undigested(x) := name if {
	[name, digest] := split(x, "@")
	regex.match(`\A(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z`, digest)
} else := x

untagged(name) := trim_suffix(name, concat("", [":", tag])) if {
	parts := split(name, ":")
	tag := parts[count(parts) - 1]
	not contains(tag, "/")
} else := name

located(name) := spelled(canonical(parts[0]), concat("/", array.slice(parts, 1, count(parts)))) if {
	has_host(name)
	parts := split(name, "/")
} else := spelled(hub, name)

spelled(host, path) := concat("/", [host, "library", path]) if {
	host == hub
	not contains(path, "/")
} else := concat("/", [host, path])

canonical(host) := hub if {
	plain(host) in aliases
} else := plain(host)

plain(host) := trim_suffix(lower(host), ":443")
