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
canonical(x) := region(x) if {
	region(x)
} else := text if {
	text := folded(x)
	is_wide(text)
} else := regions_aws.outpost(folded(x)) if {
	regions_aws.outpost(folded(x))
} else := regions_hosts.place(folded(x))

# The one region that a text names, by any provider's name, display name or zone.
region(x) := regions_aws.region(folded(x))

region(x) := regions_google.region(folded(x))

region(x) := regions_azure.region(folded(x))

# All regions that a text stands for. What is no region, such as a global endpoint, stands for itself.
members(x) := regions_google.members(folded(x)) if {
	regions_google.members(folded(x))
} else := {canonical(x)}

# Where the geo-redundant copies of what is in a region lie; undefined where there are none.
pair(x) := regions_azure.pair(region(x))

is_known(x) if canonical(x)

is_wide("global") := true

is_wide(text) if regions_google.members(text)

is_wide(text) if regions_aws.is_worldwide(text)

# Names are compared in lower case. Text with spaces around it, or with anything that does not print as
# what it is, names nothing.
folded(x) := lower(x) if {
	is_string(x)
	regex.match(`\A[!-<>-~](?:[ -<>-~]*[!-<>-~])?\z`, x)
}
