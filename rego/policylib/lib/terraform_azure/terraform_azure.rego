# METADATA
# title: Azure resources that store
# description: The types of Terraform resources that keep data in Azure.
# related_resources:
#   - https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
package policylib.lib.terraform_azure

import rego.v1

# A resource says itself where it is: the provider has no region.
usual := {"home": {"location"}, "inherits": set()}

plain := {
	"azurerm_cosmosdb_postgresql_cluster", "azurerm_data_protection_backup_vault", "azurerm_elastic_san",
	"azurerm_eventhub_namespace", "azurerm_hpc_cache", "azurerm_kusto_cluster",
	"azurerm_log_analytics_workspace", "azurerm_managed_disk", "azurerm_managed_lustre_file_system",
	"azurerm_managed_redis", "azurerm_mariadb_server", "azurerm_mongo_cluster",
	"azurerm_mysql_server", "azurerm_netapp_volume", "azurerm_oracle_autonomous_database",
	"azurerm_postgresql_server", "azurerm_redis_cache", "azurerm_redis_enterprise_cluster",
	"azurerm_search_service", "azurerm_servicebus_namespace", "azurerm_snapshot", "azurerm_storage_account",
	"azurerm_synapse_workspace",
}

# Attributes that name another resource, and what Azure does where nothing is said.
special := {
	"azurerm_cdn_frontdoor_profile": {"global": true},
	"azurerm_cdn_profile": {"global": true},
	"azurerm_cosmosdb_account": {"assumed": {"backup": [{"storage_redundancy": "Geo"}]}},
	"azurerm_frontdoor": {"global": true},
	"azurerm_mssql_database": {
		"assumed": {"storage_account_type": "Geo"},
		"from": {"creation_source_database_id": "azurerm_mssql_database"},
		"home": {"server_id"},
		"must": {"server_id": "azurerm_mssql_server"},
	},
	"azurerm_mssql_failover_group": {
		"home": {"server_id"},
		"must": {"partner_server.id": "azurerm_mssql_server", "server_id": "azurerm_mssql_server"},
	},
	"azurerm_mssql_managed_instance": {"assumed": {"storage_account_type": "GRS"}},
	"azurerm_mssql_server": {"holds": true},
	"azurerm_mysql_flexible_server": {"from": {"source_server_id": "azurerm_mysql_flexible_server"}},
	"azurerm_postgresql_flexible_server": {"from": {"source_server_id": "azurerm_postgresql_flexible_server"}},
	"azurerm_recovery_services_vault": {"assumed": {"storage_mode_type": "GeoRedundant"}},
	"azurerm_redis_linked_server": {
		"from": {"target_redis_cache_name": "azurerm_redis_cache"},
		"home": {"linked_redis_cache_location"},
		"to": {"linked_redis_cache_id": "azurerm_redis_cache"},
	},
	"azurerm_storage_object_replication": {
		"home": {"destination_storage_account_id"},
		"must": {
			"destination_storage_account_id": "azurerm_storage_account",
			"source_storage_account_id": "azurerm_storage_account",
		},
	},
}

types := object.union({type: usual | some type in plain}, {type: object.union(usual, own) | some type, own in special})
