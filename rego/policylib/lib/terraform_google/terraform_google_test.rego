package policylib.lib.terraform_google_test

import rego.v1

import data.policylib.lib.terraform_google

home := {"location", "location_id", "region", "replica_zones", "zone"}

test_types_by_default if {
	every type in terraform_google.plain {
		terraform_google.types[type] == {"home": home, "inherits": {"region", "zone"}}
	}
}

# A type that goes missing would pass unseen.
test_no_type_is_lost if {
	count(terraform_google.plain) == 17
	count(terraform_google.types) == 31
}

test_links_lead_to_types_that_are_known if {
	{[type, name] |
		some type, details in terraform_google.types
		some name, target in details.from
		terraform_google.types[target]
	} == {
		["google_alloydb_cluster", "secondary_config.primary_cluster_name"],
		["google_compute_backend_bucket", "bucket_name"],
		["google_compute_disk", "async_primary_disk.disk"],
		["google_compute_region_disk", "async_primary_disk.disk"],
		["google_sql_database_instance", "master_instance_name"],
	}
}

test_what_has_its_home_elsewhere if {
	{type: details.home | some type, details in terraform_google.types; details.home != home} == {
		"google_bigquery_table": {"dataset_id"},
		"google_bigtable_instance": {"cluster.zone"},
		"google_compute_image": {"storage_locations"},
		"google_compute_snapshot": {"storage_locations"},
		"google_pubsub_topic": {"message_storage_policy.allowed_persistence_regions"},
		"google_spanner_instance": {"config"},
		"google_storage_bucket": {"custom_placement_config.data_locations", "location"},
	}
	{type | some type, details in terraform_google.types; details.inherits == set()} == {
		"google_bigquery_table", "google_compute_image", "google_compute_snapshot", "google_pubsub_topic", "google_spanner_instance",
		"google_storage_bucket",
	}
}

test_other_traits if {
	{type | some type, details in terraform_google.types; details.global} == {
		"google_compute_backend_bucket", "google_compute_backend_service",
	}
	{type: details.asks | some type, details in terraform_google.types} == {
		"google_bigquery_table": {"class"},
		"google_compute_backend_bucket": {"enable_cdn"},
		"google_compute_backend_service": {"enable_cdn"},
	}
	terraform_google.types.google_bigquery_table.must == {"dataset_id": "google_bigquery_dataset"}
	terraform_google.types.google_bigquery_dataset.assumed == {"location": "US"}
	terraform_google.types.google_sql_database_instance.needs == {
		"settings.backup_configuration.enabled": "settings.backup_configuration.location",
	}
	terraform_google.types.google_storage_bucket.instead == {"location": "custom_placement_config.data_locations"}
}
