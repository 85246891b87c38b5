package policylib.lib.terraform_aws_test

import rego.v1

import data.policylib.lib.terraform_aws

home := {"arn", "availability_zone", "availability_zone_name", "availability_zones", "region"}

usual := {"home": home, "inherits": {"region"}, "local": home - {"region"}}

test_types_by_default if {
	every type in terraform_aws.plain {
		terraform_aws.types[type] == usual
	}
	terraform_aws.types.aws_cloudfront_distribution == object.union(usual, {"global": true})
}

# A type that goes missing would pass unseen.
test_no_type_is_lost if {
	count(terraform_aws.plain) == 40
	count(terraform_aws.types) == 69
}

test_links_lead_to_types_that_are_known if {
	links := {[type, kind, name] |
		some type, details in terraform_aws.types
		some kind in ["from", "must", "to"]
		some name, target in details[kind]
		terraform_aws.types[target]
	}
	count(links) == 33
	["aws_backup_plan", "to", "rule.copy_action.destination_vault_arn"] in links
	["aws_kinesis_firehose_delivery_stream", "to", "extended_s3_configuration.bucket_arn"] in links
	["aws_s3_bucket_replication_configuration", "from", "bucket"] in links
	["aws_s3_bucket_replication_configuration", "must", "rule.destination.bucket"] in links
	["aws_s3control_multi_region_access_point", "must", "details.region.bucket"] in links
	["aws_s3_bucket", "to", "replication_configuration.rules.destination.bucket"] in links
}

test_where_a_firehose_leads if {
	object.keys(terraform_aws.types.aws_kinesis_firehose_delivery_stream.to) == {concat(".", [sink, "bucket_arn"]) | some sink in [
		"extended_s3_configuration", "extended_s3_configuration.s3_backup_configuration",
		"http_endpoint_configuration.s3_configuration", "opensearch_configuration.s3_configuration",
		"redshift_configuration.s3_backup_configuration", "redshift_configuration.s3_configuration",
	]}
}

test_what_has_its_home_elsewhere if {
	{type: details.home | some type, details in terraform_aws.types; not has_usual_home(details)} == {
		"aws_dlm_lifecycle_policy": {"arn", "policy_details.schedule.cross_region_copy_rule.target", "region"},
		"aws_s3_bucket_replication_configuration": {"bucket", "region"},
		"aws_s3_object": {"bucket", "region"},
		"aws_s3control_multi_region_access_point": {"details.region.bucket"},
	}
}

has_usual_home(details) if details.home == home

has_usual_home(details) if details.spans

test_what_spans_others if {
	spanning := home | {"members"}
	{details.home | some details in terraform_aws.types; details.spans} == {spanning}
	{type | some type, details in terraform_aws.types; details.spans} == {
		"aws_docdb_global_cluster", "aws_elasticache_global_replication_group", "aws_memorydb_multi_region_cluster",
		"aws_neptune_global_cluster", "aws_rds_global_cluster",
	}
	{type: details.asks | some type, details in terraform_aws.types} == {
		"aws_backup_plan": {"rule.copy_action.destination_vault_arn"},
		"aws_dlm_lifecycle_policy": {"policy_details.schedule.cross_region_copy_rule.target"},
		"aws_s3_object": {"class"},
	}
}
