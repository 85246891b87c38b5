# METADATA
# title: URLs of sources
# description: >-
#   Whether a repository is one that the settings permit: itself, or something below what they permit.
#   Only URLs that every reader reads alike count.
package policylib.lib.source_urls

import rego.v1

import data.policylib.lib.image

host := `https://[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::[0-9]+)?`

segment := `/[0-9A-Za-z._~-]+`

# A repository's URL in one spelling: without git+ and .git; "" for what is none.
repository(x) := url if {
	url := trim_suffix(trim_prefix(image.named(x), "git+"), ".git")
	is_url(url, concat("", [`\A`, host, `(?:`, segment, `)+\z`]))
} else := ""

# No user, query, escape or way upwards: nothing that another reader could take to lead elsewhere.
is_url(url, pattern) if {
	regex.match(pattern, url)
	not climbs(split(url, "/"))
}

climbs(segments) if {
	some part in segments
	part in {".", ".."}
}

# What an entry that ends in a slash permits everything below.
folder(x) := url if {
	url := trim_prefix(image.named(x), "git+")
	is_url(url, concat("", [`\A`, host, `(?:`, segment, `)*/\z`]))
} else := ""

is_expected(entries, x) if {
	url := repository(x)
	url != ""
	some entry in entries
	covers(entry, url)
}

covers(entry, url) if repository(entry) == url

covers(entry, url) if {
	folder(entry) != ""
	startswith(url, folder(entry))
}
