package policylib.lib.terraform_stores_test

import rego.v1

import data.policylib.lib.terraform_stores

of(resources) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "TerraformPlan",
	"resource_changes": [object.union({"address": "a.b", "mode": "managed"}, resource) | some resource in resources],
}}}

made(type, after) := {"type": type, "change": {"actions": ["create"], "after": after}}

types contains store.type if some store in terraform_stores.stores

test_a_store if {
	given := {"bucket": "b", "tags": {"data_class": "pii", "tenant": "acme", "x": ""}, "rule": [{"on": true}, {"on": 1}], "none": null}
	[store] := terraform_stores.stores with input as of([made("aws_s3_bucket", given)])
	object.remove(store, ["kept", "attributes"]) == {
		"address": "a.b",
		"base": "a.b",
		"classes": {"pii"},
		"given": set(),
		"mode": "managed",
		"path": ["resource_changes", 0, "change", "after"],
		"tenants": {"acme"},
		"type": "aws_s3_bucket",
		"unknown": [],
		"values": given,
	}
	store.kept.inherits == {"region"}
	{[attribute.name, attribute.key, attribute.value, attribute.path, attribute.texts] | some attribute in store.attributes} == {
		["bucket", "bucket", "b", ["bucket"], ["bucket"]],
		["tags.data_class", "data_class", "pii", ["tags", "data_class"], ["tags", "data_class"]],
		["tags.tenant", "tenant", "acme", ["tags", "tenant"], ["tags", "tenant"]],
		["rule.on", "on", true, ["rule", 0, "on"], ["rule", "on"]],
		["rule.on", "on", 1, ["rule", 1, "on"], ["rule", "on"]],
	}
}

test_other_keys if {
	given := of([made("aws_s3_bucket", {"tags": {"class": "pii", "customer": "acme", "data_class": "x"}})])
	[store] := terraform_stores.stores with input as given with data.settings as {"labels": {"data_class": "org/class", "tenant": "customer"}}
	store.classes == {"pii"}
	store.tenants == {"acme"}
}

test_what_a_resource_has_to_say if {
	tags := {"data_class": "pii"}
	types == {"aws_instance"} with input as of([
		made("aws_instance", {"availability_zone": "us-east-1a", "tags": tags}),
		made("aws_lambda_function", {"tags": tags}),
		made("aws_ecs_cluster", {"region": "us-east-1"}),
		made("aws_eks_cluster", {"region": "us-east-1", "tags_all": tags}),
		made("aws_iam_role", {"region": "us-east-1", "tags": tags}),
		made("x_thing", {"tags": object.union(tags, {"region": "us-east-1"})}),
	])
	types == {"google_new_bucket"} with input as of([
		made("google_new_bucket", {"location": "eu"}),
		made("google_sql_database", {"instance": "a"}),
		made("google_compute_backend_service", {"enable_cdn": false}),
		made("google_compute_backend_bucket", {"bucket_name": "x"}),
	])
	types == {"google_compute_backend_service"} with input as of([made("google_compute_backend_service", {"enable_cdn": true})])
	types == {"aws_backup_plan"} with input as of([made("aws_backup_plan", {"rule": [{"copy_action": [{"destination_vault_arn": "x"}]}]})])
	types == set() with input as of([made("aws_backup_plan", {"rule": [{"copy_action": []}], "tags": tags})])
	later := {"after": {}, "after_unknown": {"rule": [{"copy_action": [{"destination_vault_arn": true}]}]}}
	types == {"aws_backup_plan"} with input as of([{"type": "aws_backup_plan", "change": later}])
	types == {"aws_s3_object"} with input as of([made("aws_s3_object", {"tags": tags}), made("aws_s3_object", {})])
}

test_places_that_are_not_known_yet_count if {
	change := {"after": {}, "after_unknown": {"location": true}}
	types == {"google_new_bucket"} with input as of([{"type": "google_new_bucket", "change": change}])
	[store] := terraform_stores.stores with input as of([{"type": "google_new_bucket", "change": change}])
	{attribute.name | some attribute in store.unknown} == {"location"}
}

said := [attribute.value | some store in terraform_stores.stores; some attribute in store.attributes]

test_what_the_provider_takes_for_granted if {
	every after in [{}, {"location": null}, {"location": []}] {
		["US"] == said with input as of([made("google_bigquery_dataset", after)])
	}
	["EU"] == said with input as of([made("google_bigquery_dataset", {"location": "EU"})])
}

test_addresses_without_indexes if {
	every address, expected in {
		"a.b": "a.b",
		"a.b[0]": "a.b",
		`module.m["x.[y]"].a.b["z\"]"]`: "module.m.a.b",
		"module.m[12].module.n.a.b": "module.m.module.n.a.b",
	} {
		terraform_stores.without_indexes(address) == expected
	}
}

test_what_the_configuration_gives if {
	bucket := object.union(made("aws_s3_bucket", {}), {"address": "aws_s3_bucket.b[0]"})
	plan := object.union(of([bucket]).review.object, {"configuration": {
		"provider_config": {"aws": {"expressions": {"region": {"constant_value": "us-east-1"}}}},
		"root_module": {"resources": [{"address": "aws_s3_bucket.b", "provider_config_key": "aws"}]},
	}})
	[store] := terraform_stores.stores with input as {"review": {"object": plan}}
	store.base == "aws_s3_bucket.b"
	{given.region | some given in store.given} == {"us-east-1"}
}

test_places_are_no_tags if {
	terraform_stores.is_place({"key": "region", "texts": ["region"]})
	not terraform_stores.is_place({"key": "region", "texts": ["tags", "region"]})
	not terraform_stores.is_place({"key": "bucket", "texts": ["bucket"], "value": "us-east-1"})
	every key in ["replica", "replicas"] {
		terraform_stores.is_place({"key": key, "texts": [key], "value": "eu-west-1"})
		every value in ["db-replica", "3", 3, true] {
			not terraform_stores.is_place({"key": key, "texts": [key], "value": value})
		}
	}
}
