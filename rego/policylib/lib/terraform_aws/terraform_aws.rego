# METADATA
# title: AWS resources that store
# description: The types of Terraform resources that keep data in AWS.
# related_resources:
#   - https://registry.terraform.io/providers/hashicorp/aws/latest/docs
package policylib.lib.terraform_aws

import rego.v1

# Where a resource says itself where it is; else it is in the region of its provider. Zones that are
# not known yet lie in the same region.
usual := {
	"home": (zones | {"arn", "region"}),
	"inherits": {"region"},
	"local": (zones | {"arn"}),
}

members := zones | {"arn", "members", "region"}

zones := {"availability_zone", "availability_zone_name", "availability_zones"}

# What names all that it says under keys that speak of places.
plain := {
	"aws_ami_copy", "aws_backup_logically_air_gapped_vault", "aws_backup_vault", "aws_cloudwatch_log_group", "aws_dax_cluster",
	"aws_docdbelastic_cluster", "aws_dsql_cluster", "aws_dynamodb_table", "aws_ebs_volume",
	"aws_efs_file_system", "aws_elasticache_cluster", "aws_elasticache_serverless_cache",
	"aws_elasticsearch_domain", "aws_fsx_backup", "aws_fsx_file_cache", "aws_fsx_lustre_file_system", "aws_fsx_ontap_file_system",
	"aws_fsx_openzfs_file_system", "aws_fsx_windows_file_system", "aws_glacier_vault", "aws_keyspaces_table",
	"aws_kinesis_stream", "aws_kinesis_video_stream", "aws_lightsail_bucket",
	"aws_lightsail_database", "aws_lightsail_disk", "aws_mq_broker",
	"aws_msk_cluster", "aws_msk_serverless_cluster", "aws_neptunegraph_graph", "aws_opensearch_domain",
	"aws_opensearchserverless_collection", "aws_qldb_ledger", "aws_redshift_cluster", "aws_redshiftserverless_namespace",
	"aws_s3_directory_bucket", "aws_s3tables_table_bucket", "aws_sqs_queue", "aws_timestreaminfluxdb_db_instance",
	"aws_timestreamwrite_database",
}

# Attributes that name another resource, with its type: what data comes from, may go to, or must go to.
linked := {
	"aws_backup_plan": {
		"asks": {"rule.copy_action.destination_vault_arn"},
		"to": {"rule.copy_action.destination_vault_arn": "aws_backup_vault"},
	},
	"aws_cloudfront_distribution": {"global": true},
	"aws_db_cluster_snapshot": {"from": {"db_cluster_identifier": "aws_rds_cluster"}},
	"aws_db_instance": {"from": {"replicate_source_db": "aws_db_instance"}},
	"aws_db_instance_automated_backups_replication": {"from": {"source_db_instance_arn": "aws_db_instance"}},
	"aws_db_snapshot": {"from": {"db_instance_identifier": "aws_db_instance"}},
	"aws_db_snapshot_copy": {"from": {"source_db_snapshot_identifier": "aws_db_snapshot"}},
	"aws_dlm_lifecycle_policy": {
		"asks": {"policy_details.schedule.cross_region_copy_rule.target"},
		"home": {"arn", "policy_details.schedule.cross_region_copy_rule.target", "region"},
	},
	"aws_docdb_cluster": {"from": {"global_cluster_identifier": "aws_docdb_global_cluster"}},
	"aws_docdb_global_cluster": {"from": {"source_db_cluster_identifier": "aws_docdb_cluster"}, "home": members, "spans": true},
	"aws_dynamodb_global_table": {"from": {"name": "aws_dynamodb_table"}},
	"aws_dynamodb_table_replica": {"from": {"global_table_arn": "aws_dynamodb_table"}},
	"aws_ebs_snapshot": {"from": {"volume_id": "aws_ebs_volume"}},
	"aws_ebs_snapshot_copy": {"from": {"source_snapshot_id": "aws_ebs_snapshot"}},
	"aws_efs_replication_configuration": {"from": {"source_file_system_id": "aws_efs_file_system"}},
	"aws_elasticache_global_replication_group": {
		"from": {"primary_replication_group_id": "aws_elasticache_replication_group"},
		"home": members,
		"spans": true,
	},
	"aws_elasticache_replication_group": {"from": {"global_replication_group_id": "aws_elasticache_global_replication_group"}},
	"aws_kinesis_firehose_delivery_stream": {"to": {name: "aws_s3_bucket" | some name in [
		"extended_s3_configuration.bucket_arn",
		"extended_s3_configuration.s3_backup_configuration.bucket_arn",
		"http_endpoint_configuration.s3_configuration.bucket_arn",
		"opensearch_configuration.s3_configuration.bucket_arn",
		"redshift_configuration.s3_backup_configuration.bucket_arn",
		"redshift_configuration.s3_configuration.bucket_arn",
	]}},
	"aws_memorydb_cluster": {"from": {"multi_region_cluster_name": "aws_memorydb_multi_region_cluster"}},
	"aws_memorydb_multi_region_cluster": {"home": members, "spans": true},
	"aws_neptune_cluster": {"from": {"global_cluster_identifier": "aws_neptune_global_cluster"}},
	"aws_neptune_global_cluster": {"from": {"source_db_cluster_identifier": "aws_neptune_cluster"}, "home": members, "spans": true},
	"aws_rds_cluster": {"from": {
		"global_cluster_identifier": "aws_rds_global_cluster",
		"replication_source_identifier": "aws_rds_cluster",
	}},
	"aws_rds_global_cluster": {"from": {"source_db_cluster_identifier": "aws_rds_cluster"}, "home": members, "spans": true},
	"aws_redshift_snapshot_copy": {"from": {"cluster_identifier": "aws_redshift_cluster"}},
	"aws_s3_bucket": {"to": {"replication_configuration.rules.destination.bucket": "aws_s3_bucket"}},
	"aws_s3_bucket_replication_configuration": {
		"from": {"bucket": "aws_s3_bucket"},
		"home": {"bucket", "region"},
		"must": {"rule.destination.bucket": "aws_s3_bucket"},
	},
	"aws_s3_object": {"asks": {"class"}, "from": {"bucket": "aws_s3_bucket"}, "home": {"bucket", "region"}},
	"aws_s3control_multi_region_access_point": {
		"home": {"details.region.bucket"},
		"must": {"details.region.bucket": "aws_s3_bucket"},
	},
}

types := object.union({type: usual | some type in plain}, {type: object.union(usual, own) | some type, own in linked})
