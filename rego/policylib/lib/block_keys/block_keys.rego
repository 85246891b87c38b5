# METADATA
# title: Keys of image blocks
# description: >-
#   The keys under which values hold the parts of an image: its registry, repository, tag and digest,
#   in an object of their own, or all in one with a common beginning.
package policylib.lib.block_keys

import rego.v1

import data.policylib.lib.read

# In an object of their own. The chart of Cilium heeds no digest where it is told so.
nested(x) := object.union(in_object(x, ""), unused(x))

unused(x) := {"digest": ""} if {
	read.at(x, "useDigest", true) == false
} else := {}

# All in one object, as imageTag, webImageTag or web_image_tag: the keys of each image.
flat(x) := {in_object(x, name) | some name in names(x)}

names(x) := {match[1] |
	some key in object.keys(x)
	is_string(key)
	regex.match(`[a-z]`, key)
	some match in regex.find_all_string_submatch_n(`\A(.*image)(?:repository|repo|tag|digest)\z`, plain(key), 1)
} if {
	is_object(x)
} else := set()

in_object(x, name) := {
	"registry": chosen(x, [concat("", [name, "registry"])]),
	"repository": chosen(x, [concat("", [name, part]) | some part in ["repository", "name", "repo"]]),
	"tag": chosen(x, [concat("", [name, part]) | some part in ["tag", "version"]]),
	"digest": chosen(x, [concat("", [name, part]) | some part in ["digest", "sha", "sha256"]]),
}

# The first of some names that says something, else what says something under it in another style,
# else the first name. A value that is undefined is no reason for regorus to go on to what is else.
chosen(x, candidates) := written[0] if {
	written := [name | some name in candidates; read.says(x, name)]
	count(written) > 0
} else := styled[0] if {
	styled := in_another_style(x, candidates)
	count(styled) > 0
} else := candidates[0]

in_another_style(x, candidates) := [name |
	some candidate in candidates
	some name in object.keys(x)
	is_string(name)
	plain(name) == candidate
	read.says(x, name)
]

plain(name) := regex.replace(lower(name), `[_-]`, "")
