package policylib.lib.storage_test

import rego.v1

import data.policylib.lib.storage

settings := {"residency": {
	"allowed_regions": {"pii": ["us-east-1"], "logs": ["us-west-2"]},
	"tenants": {"acme": ["us-east-1"], "b": ["eu-west-1"]},
}}

of(document) := {"review": {"object": document}}

claim(metadata) := of({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata})

bucket := {"address": `aws_s3_bucket.a["ü"]`, "type": "aws_s3_bucket", "values": {"region": "eu-west-1", "tags": {"data_class": "pii"}}}

test_a_class_elsewhere if {
	storage.faults == {{
		"msg": `claim "data": data class "pii" must stay in us-east-1, not in "eu-west-1"`,
		"path": "/metadata/labels/policylib.dev~1region",
		"region": "eu-west-1",
		"data_class": "pii",
	}} with input as claim({"name": "data", "labels": {"policylib.dev/data-class": "pii", "policylib.dev/region": "eu-west-1"}})
		with data.settings as settings
}

test_every_class_in_every_place if {
	given := claim({"labels": {"policylib.dev/data-class": "pii", "policylib.dev/region": "us-east-1"}, "annotations": {
		"policylib.dev/data-class": "logs",
		"policylib.dev/region": "us-west-2",
	}})
	{[fault.data_class, fault.region] | some fault in storage.faults} == {["pii", "us-west-2"], ["logs", "us-east-1"]} with input as given
		with data.settings as settings
	storage.faults == set() with input as claim({"labels": {"policylib.dev/data-class": "pii", "policylib.dev/region": "us-east-1a"}})
		with data.settings as settings
}

test_a_volume_of_a_pod if {
	server := "fs-1.efs.eu-west-1.amazonaws.com"
	{[fault.msg, fault.path] | some fault in storage.faults} == {[
		`volume "v": data class "pii" must stay in us-east-1, not in "fs-1.efs.eu-west-1.amazonaws.com"`,
		"/spec/volumes/0/nfs/server",
	]} with input as of({
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"labels": {"policylib.dev/data-class": "pii"}},
		"spec": {"volumes": [{"name": "v", "nfs": {"server": server}}]},
	})
		with data.settings as settings
}

test_gaps if {
	storage.faults == {
		{"msg": "claim: no data class is declared", "path": ""},
		{"msg": "claim: no location is declared", "path": ""},
	} with input as claim(null)
		with data.settings as settings
	{fault.msg | some fault in storage.faults} == {
		`PersistentVolume "pv": no data class is declared`,
		`PersistentVolume "pv": no location is declared`,
	} with input as of({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv"}})
		with data.settings as settings
}

tenant_of(value, region) := claim({"labels": {
	"policylib.dev/data-class": "pii",
	"policylib.dev/region": region,
	"policylib.dev/tenant": value,
}})

test_tenants if {
	storage.faults == set() with input as tenant_of("acme", "us-east-1")
		with data.settings as settings
	storage.faults == {{
		"msg": `claim: data of tenant "b" must stay in eu-west-1, not in "us-east-1"`,
		"path": "/metadata/labels/policylib.dev~1region",
		"region": "us-east-1",
		"tenant": "b",
	}} with input as tenant_of("acme,b", "us-east-1")
		with data.settings as settings
	storage.faults == {{
		"msg": `claim: residency.tenants has no such tenant: "unknown"`,
		"path": "/metadata/labels/policylib.dev~1region",
		"region": "us-east-1",
		"tenant": "unknown",
	}} with input as tenant_of("unknown", "us-east-1")
		with data.settings as settings
}

plan(parts) := of(object.union({"apiVersion": "policylib.dev/v1", "kind": "TerraformPlan"}, parts))

test_a_plan if {
	storage.faults == {{
		"msg": `aws_s3_bucket.a["?"]: data class "pii" must stay in us-east-1, not in "eu-west-1"`,
		"path": "/values/root_module/resources/0/values/region",
		"region": "eu-west-1",
		"data_class": "pii",
	}} with input as plan({"values": {"root_module": {"resources": [bucket]}}})
		with data.settings as settings
	storage.faults == {{"msg": "the plan holds no resources that could be judged", "path": ""}} with input as plan({})
		with data.settings as settings
}

test_what_stores_nothing if {
	config := {"apiVersion": "v1", "kind": "ConfigMap", "data": {"region": "eu"}}
	every document in [null, "x", {}, {"apiVersion": "v1", "kind": "Pod"}, config] {
		storage.faults == set() with input as of(document)
			with data.settings as settings
	}
}
