# METADATA
# title: Regions
# description: >-
#   What a location's name stands for, in whatever spelling: a region, one of its zones, its display
#   name, an endpoint in it, several regions at once, or the whole world. Anything else is unknown.
package policylib.lib.regions

import rego.v1

import data.policylib.lib.regions_aws
import data.policylib.lib.regions_azure
import data.policylib.lib.regions_google
import data.policylib.lib.regions_hosts

# The one name, in lower case, of the location that a text names; undefined for what is unknown.
canonical(x) := name if {
	text := folded(x)
	name := located(text)
}

located(text) := name if {
	name := single(text)
} else := text if {
	is_wide(text)
} else := name if {
	name := regions_aws.outpost(text)
} else := regions_hosts.place(text)

# The one region that a text names, by any provider's name, display name or zone.
region(x) := single(folded(x))

single(text) := name if {
	name := regions_aws.region(text)
} else := name if {
	name := regions_google.region(text)
} else := regions_azure.region(text)

# All regions that a text stands for. What is no region, such as a global endpoint, stands for itself.
members(x) := found if {
	found := regions_google.members(folded(x))
} else := {canonical(x)}

# Where the geo-redundant copies of what is in a region lie; undefined where there are none.
pair(x) := regions_azure.pair(region(x))

is_known(x) if canonical(x)

is_wide("global") := true

is_wide(text) if regions_google.members(text)

is_wide(text) if regions_aws.is_worldwide(text)

# Whether a list permits a location: all that it stands for is listed, or its very name.
covers(entries, location) if {
	is_array(entries)
	location in entries
	is_known(location)
} else if {
	permitted := names(entries)
	is_within(location, permitted)
}

is_within(location, permitted) if canonical(location) in permitted

is_within(location, permitted) if {
	parts := members(location)
	every member in parts {
		member in permitted
	}
}

# An entry that is unknown permits nothing.
names(entries) := {name |
	is_array(entries)
	some entry in entries
	name := canonical(entry)
}

# Whether a location lies within a list of locations.
includes(entries, location) if {
	within := {member | some entry in entries; some member in members(entry)}
	parts := members(location)
	every member in parts {
		member in within
	}
}

# Names are compared in lower case. Text with spaces around it, or with anything that does not print as
# what it is, names nothing.
folded(x) := lower(x) if regex.match(`\A[!-<>-~](?:[ -<>-~]*[!-<>-~])?\z`, text(x))

text(x) := x if is_string(x)
