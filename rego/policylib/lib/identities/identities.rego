# METADATA
# title: Identities
# description: >-
#   Whether somebody or something is who the settings mean. A pattern is the text itself, in which `*`
#   stands for one or more characters other than / and @: it never reaches beyond one segment of a URL,
#   one part of an e-mail address or one level of a git ref.
package policylib.lib.identities

import rego.v1

import data.policylib.lib.image
import data.policylib.lib.read

# Issuers, identities, URIs and refs are visible ASCII on one line; nothing else can look like them.
is_plain(x) if regex.match(`\A[!-~]+\z`, image.named(x))

# Whether a text is, as a whole, what a pattern means.
matches(pattern, text) if {
	pattern == text
	is_plain(text)
} else if {
	every x in [pattern, text] {
		is_plain(x)
	}
	regex.match(concat("", [`\A`, concat(`[!-.0-?A-~]+`, literals(pattern)), `\z`]), text)
}

# What stands between the stars, as expressions that match just that.
literals(pattern) := [regex.replace(literal, `[\\.+?()|\[\]{}^$]`, `\$0`) | some literal in split(pattern, "*")]

matches_any(patterns, text) if {
	some pattern in patterns
	matches(pattern, text)
}

# Whether an entry of the settings is about a signer: the issuer is exact, and without one anybody
# could have issued the identity.
is_signer(entry) if {
	is_plain(read.text(entry, "issuer"))
	is_plain(read.text(entry, "identity"))
	count(object.keys(entry)) == 2
}

# Whether one entry allows both the issuer and the identity of a signer.
allows(entries, signer) if {
	some entry in entries
	entry.issuer == signer.issuer
	matches(entry.identity, signer.identity)
}

# Who they are and who vouches for them, on one line; as many of them as fit.
names(signers) := "nobody" if {
	count(signers) == 0
} else := image.shown(concat(", ", sort({name |
	some signer in signers
	name := sprintf("%s of %s", [signer.identity, signer.issuer])
})))
