# METADATA
# title: Terraform tags
# description: What the tags and labels of a resource, and those of its provider, say of its data.
package policylib.lib.terraform_tags

import rego.v1

import data.policylib.lib.read

# The maps that a resource writes itself, and those that also hold what its provider adds.
own := {"defined_tags", "freeform_tags", "labels", "tags", "user_labels"}

merged := {"effective_labels", "resource_labels", "tags_all", "terraform_labels"}

# Whether an attribute stands below such a map, by the texts of its path.
is_tag(texts) if is_below(texts, own)

is_tag(texts) if is_below(texts, merged)

is_below(texts, maps) if {
	some text in array.slice(texts, 0, count(texts) - 1)
	text in maps
}

# Google's labels hold no dots and slashes, and some write DataClass: a key is known by its letters,
# with or without what goes before its slash.
is_spelling(key, usual) if letters(key) == letters(usual)

is_spelling(key, usual) if letters(key) == letters(read.last(split(usual, "/")))

letters(key) := regex.replace(lower(key), `[^a-z0-9]`, "")

# The values of a tag among attributes.
values(attributes, tag) := {attribute.value |
	some attribute in attributes
	is_tag(attribute.texts)
	is_spelling(attribute.key, tag)
}

# Whether a resource has a tag of its own.
is_tagged(attributes, tag) if {
	some attribute in attributes
	is_below(attribute.texts, own)
	is_spelling(attribute.key, tag)
}

# The values of a tag among the default tags of a provider.
defaults(given, tag) := {value |
	some configured in given
	some key, value in configured.labels
	is_spelling(key, tag)
}
