# METADATA
# title: Google Cloud resources that store
# description: The types of Terraform resources that keep data in Google Cloud.
# related_resources:
#   - https://registry.terraform.io/providers/hashicorp/google/latest/docs
package policylib.lib.terraform_google

import rego.v1

# Where a resource says itself where it is; else it is where its provider makes things.
usual := {
	"home": {"location", "location_id", "region", "replica_zones", "zone"},
	"inherits": {"region", "zone"},
}

plain := {
	"google_alloydb_backup", "google_backup_dr_backup_vault",
	"google_dataproc_metastore_service", "google_filestore_backup", "google_filestore_instance",
	"google_firebase_database_instance", "google_firestore_database", "google_gke_backup_backup_plan", "google_healthcare_dataset",
	"google_logging_project_bucket_config", "google_lustre_instance", "google_memcache_instance", "google_memorystore_instance",
	"google_netapp_backup_vault", "google_netapp_volume", "google_redis_cluster", "google_redis_instance",
}

# Attributes that name another resource, those that stand in for others, and those that a setting needs.
special := {
	"google_alloydb_cluster": {"from": {"secondary_config.primary_cluster_name": "google_alloydb_cluster"}},
	"google_bigquery_dataset": {"assumed": {"location": "US"}},
	"google_bigquery_table": {
		"asks": {"class"},
		"home": {"dataset_id"},
		"inherits": set(),
		"must": {"dataset_id": "google_bigquery_dataset"},
	},
	"google_bigtable_instance": {"home": {"cluster.zone"}},
	"google_compute_backend_bucket": {
		"from": {"bucket_name": "google_storage_bucket"},
		"global": true,
		"asks": {"enable_cdn"},
	},
	"google_compute_backend_service": {"global": true, "asks": {"enable_cdn"}},
	"google_compute_disk": {"from": {"async_primary_disk.disk": "google_compute_disk"}},
	"google_compute_image": {"home": {"storage_locations"}, "inherits": set()},
	"google_compute_region_disk": {"from": {"async_primary_disk.disk": "google_compute_region_disk"}},
	"google_compute_snapshot": {"home": {"storage_locations"}, "inherits": set()},
	"google_pubsub_topic": {
		"home": {"message_storage_policy.allowed_persistence_regions"},
		"inherits": set(),
	},
	"google_spanner_instance": {"home": {"config"}, "inherits": set()},
	"google_sql_database_instance": {
		"from": {"master_instance_name": "google_sql_database_instance"},
		"needs": {"settings.backup_configuration.enabled": "settings.backup_configuration.location"},
	},
	"google_storage_bucket": {
		"home": {"custom_placement_config.data_locations", "location"},
		"inherits": set(),
		"instead": {"location": "custom_placement_config.data_locations"},
	},
}

types := object.union({type: usual | some type in plain}, {type: object.union(usual, own) | some type, own in special})
