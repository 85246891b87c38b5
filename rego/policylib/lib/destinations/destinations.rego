# METADATA
# title: Destinations
# description: Where the destination of a transfer lies, as far as its name tells, and whether that is where the transfer says it goes.
package policylib.lib.destinations

import rego.v1

import data.policylib.lib.phrases
import data.policylib.lib.place_names
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.residency
import data.policylib.lib.transfers.bodies
import data.policylib.lib.transfers.classes
import data.policylib.lib.transfers.ends

# The destination of each part of a transfer, with the region that it says the data goes to or is in.
said contains {"path": concat("", [path, "/destination"]), "value": value, "region": end.value} if {
	some path, body in bodies
	value := read.at(body, "destination", null)
	not is_null(value)
	some end in ends
	end.body == path
	end.end in {"region", "to"}
}

faults contains {"path": one.path, "msg": concat(" ", ["the destination is", phrases.named(one.value)])} if {
	some one in said
	not is_string(one.value)
}

faults contains {"path": one.path, "msg": msg} if {
	some one in said
	regions.is_known(one.region)
	text := phrases.text(one.value)
	some place in places(text)
	not regions.includes([one.region], place)
	not is_permitted(place, {class.value | some class in classes})
	msg := sprintf("destination %s lies in %s, not in %s", [phrases.shown(one.value), place, phrases.shown(one.region)])
}

# What serves the world is nowhere, and permitted where the settings list its very name.
is_permitted(place, listed_for) if {
	not regions.region(place)
	regions.members(place) == {place}
	every class in listed_for {
		residency.permits(class, place)
	}
}

# The locations that a text names: as it stands, as the host of a URL, or as the region of an ARN; and
# where none of these does, those whose names stand in the host, or in the name of a resource.
places(text) := exact(text) if {
	count(exact(text)) > 0
} else := {place |
	some found in place_names.within([host(text), resource(text)])
	place := regions.canonical(found.value)
}

exact(text) := {place |
	some part in array.concat([host(text)], arn_region(text))
	place := regions.canonical(part)
}

host(text) := trim_suffix(regex.replace(address(lower(text)), `[/?#:].*\z`, ""), ".")

# Without the scheme, and without whoever signs in.
address(text) := regex.replace(regex.replace(text, `\A[a-z][a-z0-9+.:-]*://`, ""), `\A[^/?#]*@`, "")

resource(text) := text if {
	regex.match(`\A(?:arn:|/*projects/)`, text)
} else := ""

arn_region(text) := array.slice(split(text, ":"), 3, 4) if {
	startswith(text, "arn:")
} else := []
