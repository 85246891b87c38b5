# METADATA
# title: The shape of facts
# description: >-
#   Whether facts about an image are written as they ought to be. They hold what is named here and
#   nothing else, so that no misspelt key goes unread.
package policylib.lib.fact_shape

import rego.v1

import data.policylib.lib.clock
import data.policylib.lib.identities
import data.policylib.lib.image
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.subject

# What stands under each key of each object.
forms := {
	"facts": {
		"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "metadata": "an object",
		"image": "a repository with a sha256 digest", "verified_at": "a timestamp", "expires_at": "a timestamp",
		"signers": "a list", "attestations": "a list", "sbom": "a list", "errors": "a list",
	},
	"attestation": {
		"statement_type": "plain text", "predicate_type": "plain text", "subject": "a sha256 digest", "signer": "an object",
		"builder": "plain text", "build_type": "plain text", "source": "an object", "external_parameters": "an object",
	},
	"sbom": {"format": "plain text", "predicate_type": "plain text", "subject": "a sha256 digest", "signer": "an object"},
	"signer": {"issuer": "plain text", "identity": "plain text"},
	"source": {"repository": "plain text", "ref": "plain text", "commit": "a commit"},
}

# Not every attestation is provenance, and metadata says nothing about an image.
optional := {"build_type", "builder", "commit", "external_parameters", "metadata", "ref", "source"}

# Every mistake, as a sentence.
mistakes(facts) := {mistake |
	some part in (({{"at": "", "form": "facts", "value": facts}} | items(facts)) | members(facts))
	some mistake in mistakes_in(part)
}

items(facts) := {{"at": sprintf("/%s/%d", [key, i]), "form": form, "value": item} |
	some key, form in {"attestations": "attestation", "sbom": "sbom", "signers": "signer"}
	some i, item in read.list(facts, key)
}

members(facts) := {{"at": pointer.child(item.at, key), "form": key, "value": value} |
	some item in items(facts)
	some key in ["signer", "source"]
	value := read.at(item.value, key, null)
	is_object(value)
}

mistakes_in(part) := (missing(part) | unknown(part)) | odd(part) if {
	is_object(part.value)
} else := {sprintf("%s is not an object", [part.at])}

missing(part) := {sprintf("%s is missing", [pointer.child(part.at, key)]) |
	some key in ((object.keys(forms[part.form]) - optional) - object.keys(part.value))
}

unknown(part) := {sprintf("%s is unknown", [image.shown(pointer.child(part.at, key))]) |
	some key in (object.keys(part.value) - object.keys(forms[part.form]))
}

odd(part) := {sprintf("%s is not %s", [pointer.child(part.at, key), wanted]) |
	some key, value in part.value
	wanted := forms[part.form][key]
	not is_a(wanted, value)
}

is_a(wanted, x) if {
	wanted == "plain text"
	identities.is_plain(x)
} else if {
	wanted == "a sha256 digest"
	subject.is_digest(x)
} else if {
	wanted == "an object"
	is_object(x)
} else if {
	wanted == "a list"
	is_array(x)
} else if {
	wanted == "a commit"
	regex.match(`\A(?:[0-9a-f]{40}|[0-9a-f]{64})\z`, image.named(x))
} else if {
	# A day is no timestamp: nobody could tell when it begins.
	wanted == "a timestamp"
	clock.is_instant(x)
	contains(x, "T")
} else if {
	wanted == "a repository with a sha256 digest"
	is_key(x)
} else if {
	wanted in {"policylib.dev/v1", "ImageFacts"}
	x == wanted
}

is_key(x) if {
	x != ""
	subject.key(x) == x
}
