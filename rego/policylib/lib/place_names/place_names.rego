# METADATA
# title: Names of places in text
# description: The places that a name or an address holds somewhere in it, as far as they are known.
package policylib.lib.place_names

import rego.v1

import data.policylib.lib.places
import data.policylib.lib.regions

# A region's name within a longer one, as in pv-eu-west-1-data.
form := `(?:eusc-[a-z]{2}|[a-z]+(?:-gov|-iso[a-z]?)?)-(?:central|east|north|south|west)+-?[0-9]+`

inside(text) := {found |
	some word in regex.find_n(`[A-Za-z0-9.-]+`, text, -1)
	some found in named(word)
}

# What a word names as a whole, or else its labels, or else what they contain.
named(word) := {word} if {
	is_told(word)
} else := labels if {
	labels := told(regex.find_n(`[A-Za-z0-9-]+`, word, -1))
	count(labels) > 0
} else := told(regex.find_n(form, word, -1))

told(words) := {word | some word in words; is_told(word)}

# Short words and wide ones say too many other things, as Europe does in West Europe.
is_told(word) if {
	count(word) > 5
	not is_wide(lower(word))
	regions.is_known(word)
}

is_wide(word) if word in {"europe", "global"}

# The same in every text of a value, each with its path; and what Google's names and ARNs say, known
# or not.
within(x) := {place |
	walk(x, [path, text])
	is_string(text)
	some found in (inside(text) | addressed(text))
	place := {"path": path, "value": found}
}

addressed(text) := places.within(text) if {
	regex.match(`\Aarn:|(?:\A|/)projects/`, text)
} else := set()
