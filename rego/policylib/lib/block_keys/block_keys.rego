# METADATA
# title: Keys of image blocks
# description: >-
#   The keys under which values hold the parts of an image: its registry, repository, tag and digest,
#   in an object of their own, or all in one with a common beginning.
package policylib.lib.block_keys

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.reference

# In an object of their own. The chart of Cilium heeds no digest where it is told so.
nested(x) := object.union(keys, special(x, keys)) if {
	keys := chosen(x, parts)
}

parts := {
	"registry": ["registry"],
	"repository": ["repository", "name", "repo"],
	"tag": ["tag", "version"],
	"digest": ["digest", "sha", "sha256"],
}

special(x, keys) := {"digest": ""} if {
	read.at(x, "useDigest", true) == false
} else := {"digest": array.concat(faulty, named)[0]} if {
	not read.says(x, keys.digest)
	named := digests(x)
	count(named) > 0
	faulty := [key | some key in named; not reference.is_digest(read.at(x, key, null))]
} else := {}

# The operator of Cilium has a digest for each cloud, as genericDigest: each has to be one.
digests(x) := [key |
	some key in object.keys(x)
	is_string(key)
	regex.match(`[a-z]Digest\z`, key)
	not endswith(plain(key), "imagedigest")
	key != "useDigest"
]

# All in one object, as imageTag, webImageTag or web_image_tag: the keys of each image.
flat(x) := {chosen(x, prefixed) |
	some prefix in prefixes(x)
	prefixed := {part: [concat("", [prefix, name]) | some name in names] | some part, names in parts}
}

prefixes(x) := {match[1] |
	some key in object.keys(x)
	is_string(key)
	contains(lower(key), "image")
	regex.match(`[a-z]`, key)
	not is_switch(key, x[key])
	some match in regex.find_all_string_submatch_n(`\A(.*image)(?:repository|repo|tag|digest)\z`, plain(key), 1)
} if {
	is_object(x)
} else := set()

# useImageTag and the like; the value of any other key is a tag, even true.
is_switch(key, value) if {
	is_boolean(value)
	regex.match(`\A(?:allow|auto|check|enable|force|has|is|pin|resolve|skip|update|use|verify)`, key)
}

# The key of each part, of some candidates.
chosen(x, candidates) := {part: first(said, styled, names) |
	said := {name | some name in object.keys(x); read.says(x, name)}
	styled := [{"plain": plain(name), "name": name} | some name in said; is_in_another_style(name)]
	some part, names in candidates
}

# The first that says something, else what says something under it in another style, else the first.
# Where a value is undefined, regorus does not go on to what is else.
first(said, styled, names) := spoken[0] if {
	spoken := [name | some name in names; name in said]
	count(spoken) > 0
} else := similar[0] if {
	similar := [one.name | some name in names; some one in styled; one.plain == name]
	count(similar) > 0
} else := names[0]

is_in_another_style(name) if {
	is_string(name)
	plain(name) != name
}

plain(name) := replace(replace(lower(name), "_", ""), "-", "")
