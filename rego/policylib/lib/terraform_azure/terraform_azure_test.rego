package policylib.lib.terraform_azure_test

import rego.v1

import data.policylib.lib.terraform_azure

test_types_by_default if {
	every type in terraform_azure.plain {
		terraform_azure.types[type] == {"home": {"location"}, "inherits": set()}
	}
}

# A type that goes missing would pass unseen.
test_no_type_is_lost if {
	count(terraform_azure.plain) == 23
	count(terraform_azure.types) == 36
}

test_links_lead_to_types_that_are_known if {
	{[type, kind, name] |
		some type, details in terraform_azure.types
		some kind in ["from", "must", "to"]
		some name, target in details[kind]
		terraform_azure.types[target]
	} == {
		["azurerm_mssql_database", "from", "creation_source_database_id"],
		["azurerm_mssql_database", "must", "server_id"],
		["azurerm_mssql_failover_group", "must", "partner_server.id"],
		["azurerm_mssql_failover_group", "must", "server_id"],
		["azurerm_mysql_flexible_server", "from", "source_server_id"],
		["azurerm_postgresql_flexible_server", "from", "source_server_id"],
		["azurerm_redis_linked_server", "from", "target_redis_cache_name"],
		["azurerm_redis_linked_server", "to", "linked_redis_cache_id"],
		["azurerm_storage_object_replication", "must", "destination_storage_account_id"],
		["azurerm_storage_object_replication", "must", "source_storage_account_id"],
	}
}

test_what_has_its_home_elsewhere if {
	{type: details.home | some type, details in terraform_azure.types; details.home != {"location"}} == {
		"azurerm_mssql_database": {"server_id"},
		"azurerm_mssql_failover_group": {"server_id"},
		"azurerm_redis_linked_server": {"linked_redis_cache_location"},
		"azurerm_storage_object_replication": {"destination_storage_account_id"},
	}
}

test_other_traits if {
	{type | some type, details in terraform_azure.types; details.holds} == {"azurerm_mssql_server"}
	{type | some type, details in terraform_azure.types; details.global} == {
		"azurerm_cdn_frontdoor_profile", "azurerm_cdn_profile", "azurerm_frontdoor",
	}
	{type: details.assumed | some type, details in terraform_azure.types} == {
		"azurerm_cosmosdb_account": {"backup": [{"storage_redundancy": "Geo"}]},
		"azurerm_mssql_database": {"storage_account_type": "Geo"},
		"azurerm_mssql_managed_instance": {"storage_account_type": "GRS"},
		"azurerm_recovery_services_vault": {"storage_mode_type": "GeoRedundant"},
	}
}
