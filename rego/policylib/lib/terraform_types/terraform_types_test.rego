package policylib.lib.terraform_types_test

import rego.v1

import data.policylib.lib.terraform_types

asks(type) := terraform_types.kept(type, terraform_types.known).asks

test_types_of_each_provider_are_known if {
	every type in [
		"aws_s3_bucket", "google_storage_bucket", "azurerm_storage_account", "kubernetes_persistent_volume_claim",
	] {
		asks(type) == set()
		count(terraform_types.kept(type, terraform_types.known).home) > 0
	}
	terraform_types.kept("aws_s3_bucket", terraform_types.known).inherits == {"region"}
	asks("google_compute_backend_service") == {"enable_cdn"}
}

test_types_that_store_by_nature if {
	every type in [
		"digitalocean_spaces_bucket", "digitalocean_database_cluster", "hcloud_volume", "linode_object_storage_bucket",
		"vultr_block_storage", "oci_core_boot_volume", "oci_file_storage_file_system",
		"openstack_blockstorage_volume_v3", "scaleway_rdb_instance", "alicloud_db_instance", "mongodbatlas_cluster",
		"mongodbatlas_advanced_cluster", "yandex_mdb_postgresql_cluster", "ovh_cloud_project_database", "ibm_database",
		"x_dataset", "x_data_store", "x_snapshots", "x_warehouse", "x_redis_server", "aws_datasync_backup", "bucket",
	] {
		terraform_types.kept(type, terraform_types.known) == {"asks": set(), "home": set(), "inherits": {"region", "zone"}}
	}
}

test_types_that_may_be_held_by_another if {
	every type in [
		"google_sql_database", "azurerm_cosmosdb_sql_database", "azurerm_postgresql_flexible_server_database",
		"postgresql_database", "aws_glue_catalog_database", "aws_athena_database", "snowflake_database",
		"mysql_database", "google_x_bucket",
	] {
		asks(type) == {"place"}
	}
}

test_types_that_are_believed if {
	every type in [
		"aws_instance", "aws_lambda_function", "aws_ecs_cluster", "google_compute_instance", "aws_s3_bucket_policies",
		"x_volumes_x", "",
	] {
		asks(type) == {"class", "place"}
	}
}

test_bystanders if {
	every type in [
		"aws_vpc", "aws_subnet", "google_compute_network", "azurerm_virtual_network", "aws_route_table",
		"aws_s3_bucket_policy", "aws_db_subnet_group", "aws_iam_role", "aws_route53_zone", "azurerm_resource_group",
		"aws_volume_attachment", "aws_kms_key", "google_service_account", "x_cluster_member", "x_service_network",
	] {
		not terraform_types.kept(type, terraform_types.known)
	}
}
