# METADATA
# title: Runbooks
# description: Whether the name of a runbook leads somewhere, to an https URL or to a file in the repository.
package policylib.lib.runbooks

import rego.v1

import data.policylib.lib.stated

# Why a runbook cannot be found; "" when it can.
fault(x) := why(stated.text(x))

why(text) := "has no runbook" if {
	trim_space(text) == ""
} else := "has a runbook that is still to be written" if {
	regex.match(`\An/a\z|(?:\A|/)(?:changeme|fixme|none|placeholder|tba|tbc|tbd|todo|xxx)(?:[.][a-z]+)?(?:[?#].*)?\z`, lower(text))
} else := "has a runbook that is neither an https URL nor the path of a file" if {
	not leads_somewhere(text)
} else := ""

leads_somewhere(text) if {
	is_place(text)
	stated.is_visible(text)
}

# A page of a server that others reach too.
is_place(text) if {
	regex.match(page, text)
	not regex.match(`/[.][.](?:/|\z)`, text)
	not regex.match(own_machine, lower(text))
}

# A file in the repository: in a folder, or named as a text.
is_place(text) if {
	regex.match(file, text)
	regex.match(`[^.]/|[.](?:adoc|html|md|org|rst|txt)(?:#|\z)`, text)
}

page := concat("", [
	`\Ahttps://[A-Za-z0-9](?:[A-Za-z0-9-]*[.]?[A-Za-z0-9])*(?::[0-9]{1,5})?`,
	`/[^\x00- "<>\\^\x60{}\x7f]*[0-9A-Za-z\x{80}-\x{10ffff}][^\x00- "<>\\^\x60{}\x7f]*\z`,
])

# By name, or as any of the numbers that are read as 127.0.0.1 or 0.0.0.0.
own_machine := `\Ahttps://(?:(?:[^:/]*[.])?localhost|(?:127|0x[0-9a-f]+|0[0-9]*|[0-9]{4,})(?:[.](?:0x[0-9a-f]+|[0-9]+))*)[:/]`

file := concat("", [
	`\A(?:[.]/)?(?:[.]?[0-9A-Za-z_@\x{80}-\x{10ffff}][^\x00- "#$%*/:<>?\\\x60{|}~\x7f]*/)*`,
	`[0-9A-Za-z_@\x{80}-\x{10ffff}][^\x00- "#$%*/:<>?\\\x60{|}~\x7f]*(?:#[^\x00- "#<>\\\x60{}\x7f]+)?\z`,
])
