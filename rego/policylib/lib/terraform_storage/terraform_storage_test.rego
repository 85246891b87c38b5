package policylib.lib.terraform_storage_test

import rego.v1

import data.policylib.lib.terraform_storage

of(resources, configuration) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "TerraformPlan",
	"configuration": configuration,
	"planned_values": {"root_module": {"resources": [{"address": address, "type": split(address, ".")[0], "values": values} |
		some address, values in resources
	]}},
}}}

stores[store.name] := object.remove(store, ["name"]) if some store in terraform_storage.stores

told(places) := {place.value | some place in places}

whys(gaps) := {gap.why | some gap in gaps}

test_what_a_store_says if {
	given := of({"aws_s3_bucket.a": {"region": "us-east-1", "tags": {"data_class": "pii", "tenant": "acme"}}}, {})
	stores == {"aws_s3_bucket.a": {
		"classes": {"pii"},
		"tenants": {"acme"},
		"places": {{"path": "/planned_values/root_module/resources/0/values/region", "name": "region", "value": "us-east-1"}},
		"gaps": set(),
	}} with input as given
}

test_what_it_leaves_open if {
	given := of({"aws_s3_bucket.a": {"replica": [{"region": "eu"}]}}, {})
	place := "/planned_values/root_module/resources/0/values"
	found := stores with input as given
	found["aws_s3_bucket.a"].gaps == {
		{"path": place, "why": "no data class is declared"},
		{"path": place, "why": "no location is known before apply"},
	}
}

test_what_a_store_names_is_judged_with_it if {
	found := stores with input as of(
		{
			"aws_db_instance.a": {"identifier": "a", "region": "us-east-1", "tags": {"data_class": "pii", "tenant": "acme"}},
			"aws_db_instance.b": {"region": "us-west-2", "replicate_source_db": "a", "tags": {"data_class": "logs"}},
		},
		{},
	)
	replica := found["aws_db_instance.b"]
	replica.classes == {"pii", "logs"}
	replica.tenants == {"acme"}
	replica.places == {
		{"path": "/planned_values/root_module/resources/1/values/region", "name": "region", "value": "us-west-2"},
		{"path": "/planned_values/root_module/resources/1/values", "name": "replicate_source_db", "value": "us-east-1"},
	}
	told(found["aws_db_instance.a"].places) == {"us-east-1"}
}

test_what_spans_others_holds_what_they_hold if {
	found := stores with input as of(
		{
			"aws_rds_global_cluster.g": {"id": "g"},
			"aws_rds_cluster.a": {"region": "us-east-1", "global_cluster_identifier": "g", "tags": {"data_class": "pii"}},
			"aws_rds_cluster.b": {"region": "us-west-2", "global_cluster_identifier": "g", "tags": {"data_class": "logs"}},
			"aws_rds_cluster.c": {"region": "eu-west-1", "tags": {"data_class": "logs"}},
		},
		{},
	)
	group := found["aws_rds_global_cluster.g"]
	group.classes == {"pii", "logs"}
	told(group.places) == {"us-east-1", "us-west-2"}
	group.gaps == set()
	told(found["aws_rds_cluster.c"].places) == {"eu-west-1"}
	alone := stores with input as of({"aws_rds_global_cluster.g": {"id": "g"}}, {})
	whys(alone["aws_rds_global_cluster.g"].gaps) == {"no data class is declared", "no location is known before apply"}
}

test_what_only_holds_others_need_not_say_a_class if {
	found := stores with input as of({"azurerm_mssql_server.s": {"location": "westeurope"}}, {})
	found["azurerm_mssql_server.s"].gaps == set()
	lost := stores with input as of({"azurerm_mssql_server.s": {}}, {})
	whys(lost["azurerm_mssql_server.s"].gaps) == {"no location is known before apply"}
}

test_default_tags if {
	configuration := {
		"provider_config": {"aws": {"expressions": {
			"region": {"constant_value": "us-east-1"},
			"default_tags": [{"tags": {"constant_value": {"data_class": "pii", "tenant": "acme"}}}],
		}}},
		"root_module": {"resources": [{"address": "aws_s3_bucket.a", "provider_config_key": "aws"}]},
	}
	found := stores with input as of({"aws_s3_bucket.a": {}}, configuration)
	found["aws_s3_bucket.a"].classes == {"pii"}
	found["aws_s3_bucket.a"].tenants == {"acme"}
	told(found["aws_s3_bucket.a"].places) == {"us-east-1"}
	own := stores with input as of({"aws_s3_bucket.a": {"tags": {"data_class": "logs"}}}, configuration)
	own["aws_s3_bucket.a"].classes == {"logs"}
}

test_links_with_a_place if {
	rule := {"copy_action": [{"destination_vault_arn": "arn:aws:backup:eu-west-1:1:backup-vault:v"}]}
	found := stores with input as of({"aws_backup_plan.a": {"region": "us-east-1", "rule": [rule]}}, {})
	told(found["aws_backup_plan.a"].places) == {"us-east-1", "eu-west-1"}
	whys(found["aws_backup_plan.a"].gaps) == {"no data class is declared"}
}

test_gaps_of_every_kind if {
	found := stores with input as of(
		{
			"azurerm_storage_account.a": {"location": "polandcentral", "account_replication_type": "GRS", "tags": {"data_class": "pii"}},
			"azurerm_storage_account.b": {"location": "westeurope", "account_replication_type": "GRS", "tags": {"data_class": "pii"}},
			"azurerm_mssql_database.c": {"server_id": "x", "storage_account_type": "Local", "tags": {"data_class": "pii"}},
			"google_sql_database_instance.d": {
				"region": "us-east1",
				"settings": [{"user_labels": {"data_class": "pii"}, "backup_configuration": [{"enabled": true}]}],
			},
		},
		{},
	)
	whys(found["azurerm_storage_account.a"].gaps) == {"it asks for copies in the paired region, and none is known"}
	found["azurerm_storage_account.b"].gaps == set()
	told(found["azurerm_storage_account.b"].places) == {"westeurope", "northeurope"}
	whys(found["azurerm_mssql_database.c"].gaps) == {
		"no location is known before apply",
		"server_id names what is not in the plan, and not where that is",
	}
	whys(found["google_sql_database_instance.d"].gaps) == {
		"its backups are kept in several regions, since it says no settings.backup_configuration.location",
	}
}

test_what_only_the_apply_will_tell if {
	change := {"after": {"region": "us-east-1", "tags": {"data_class": "pii"}}, "after_unknown": {"replica": [{"region_name": true}]}}
	plan := {
		"apiVersion": "policylib.dev/v1",
		"kind": "TerraformPlan",
		"resource_changes": [{"address": "aws_dynamodb_table.t", "type": "aws_dynamodb_table", "change": change}],
	}
	found := stores with input as {"review": {"object": plan}}
	whys(found["aws_dynamodb_table.t"].gaps) == {"replica.region_name is known only after apply"}
}
