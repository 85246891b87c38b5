# METADATA
# title: Geo-redundancy
# description: Settings that make Azure keep a copy in the paired region.
# related_resources:
#   - https://learn.microsoft.com/azure/storage/common/storage-redundancy
package policylib.lib.geo_redundancy

import rego.v1

# GRS, Standard_RAGZRS, Geo, GeoZoneRedundant, in any case.
kinds := `\A(?:[a-z]+[_-])?(?:(?:ra-?)?gz?rs|(?:readaccess)?geo(?:zone)?(?:redundant)?)\z`

# Where a kind is said, and what is switched on or off.
chooses := `redundan|replication|accounttype|storagemode|sku`

switches := `georedundant|geobackup|crossregion`

# Whether a value under a key asks for copies in the paired region.
is_asked(key, value) if {
	is_string(value)
	regex.match(chooses, plain(key))
	regex.match(kinds, lower(value))
}

is_asked(key, value) if {
	value in {true, "true"}
	regex.match(switches, plain(key))
}

# A key in any spelling.
plain(key) := regex.replace(lower(key), `[^a-z0-9]`, "")
