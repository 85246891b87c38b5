# METADATA
# title: Assurance
# description: >-
#   The SLSA build level that the provenance of a workload's images must have: that of the tier of the
#   service that it says it is part of, else the highest of all.
package policylib.lib.assurance

import rego.v1

import data.policylib.lib.labels.said
import data.policylib.lib.read
import data.policylib.lib.settings

# The level of each tier; empty where the settings are malformed.
default minimum_level := {}

minimum_level := levels if {
	given := settings.get(["provenance", "minimum_level"], {"gold": 3, "silver": 2, "bronze": 1})
	is_object(given)
	levels := {tier: number |
		some tier, x in given
		some number in [1, 2, 3]
		x == number
	}
	count(levels) == count(given)
}

services contains one.value if {
	some one in said
	one.name == "service"
}

tiers contains tier if {
	some service in services
	is_string(service)
	tier := read.text(read.at(settings.get(["catalog", "services"], {}), service, null), "tier")
}

# Nothing, several services, a service that is not in the catalog, a tier that is none: the highest.
level := read.at(minimum_level, tier, highest) if {
	count(services) == 1
	some tier in tiers
} else := highest

# SLSA has three levels. Where the settings are malformed a builder would need a fourth.
highest := max({one | some one in minimum_level} | {4 | count(minimum_level) == 0})
