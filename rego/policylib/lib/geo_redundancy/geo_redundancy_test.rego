package policylib.lib.geo_redundancy_test

import rego.v1

import data.policylib.lib.geo_redundancy

test_kinds_of_copies_elsewhere if {
	every value in [
		"GRS", "grs", "RAGRS", "RA-GRS", "GZRS", "RAGZRS", "Standard_GRS", "Standard_RAGZRS", "Geo",
		"GeoZone", "GeoRedundant", "ReadAccessGeoZoneRedundant",
	] {
		every key in ["account_replication_type", "skuName", "storageAccountType", "storage_redundancy", "storage_mode_type", "redundancy"] {
			geo_redundancy.is_asked(key, value)
		}
		not geo_redundancy.is_asked("name", value)
	}
}

test_kinds_of_copies_at_home if {
	every value in [
		"LRS", "ZRS", "Premium_LRS", "Standard_ZRS", "Local", "Zone", "LocallyRedundant", "ZoneRedundant", "regional-pd", "Geography",
		"", null, true, 5,
	] {
		not geo_redundancy.is_asked("account_replication_type", value)
	}
}

test_switches if {
	every key in ["geo_redundant_backup_enabled", "geo_backup_enabled", "cross_region_restore_enabled", "geoRedundantBackup"] {
		geo_redundancy.is_asked(key, true)
		geo_redundancy.is_asked(key, "true")
		every value in [false, "false", null, 1] {
			not geo_redundancy.is_asked(key, value)
		}
	}
	not geo_redundancy.is_asked("zone_redundant", true)
}
