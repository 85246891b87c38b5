package policylib.lib.mounts_test

import rego.v1

import data.policylib.lib.mounts

of(volumes) := {"review": {"object": {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"labels": {"policylib.dev/data-class": "pii", "policylib.dev/tenant": "acme"}},
	"spec": {"template": {"spec": {"volumes": volumes}}},
}}}

efs := {"nfs": {"server": "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com", "path": "/"}}

test_a_mount if {
	given := of([{"name": "tmp", "emptyDir": {}}, object.union(efs, {"name": "shared"})])
	stores := mounts.stores with input as given
	[[store.name, store.classes, store.tenants, store.places, store.gaps] | some store in stores] == [[
		"shared", {"pii"}, {"acme"},
		{{"path": "/spec/template/spec/volumes/1/nfs/server", "value": "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com"}},
		set(),
	]]
}

values contains place.value if {
	some store in mounts.stores
	some place in store.places
}

test_what_tells_a_place if {
	every case in [
		[efs, "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com"],
		[{"awsElasticBlockStore": {"volumeID": "aws://eu-west-1a/vol-1"}}, "eu-west-1a"],
		[{"csi": {"driver": "s3.csi.aws.com", "volumeAttributes": {"region": "mars"}}}, "mars"],
		[{"azureDisk": {"diskURI": "https://a.westeurope.example.com/d"}}, "westeurope"],
	] {
		values == {case[1]} with input as of([case[0]])
	}
}

test_kinds_that_nobody_declared if {
	running := {"containers": [{"name": "c", "image": "ghcr.io/org/app:1"}], "volumes": [efs]}
	{place.path | some store in mounts.stores; some place in store.places} == {"/spec/head/template/spec/volumes/0/nfs/server"}
		with input as custom({"template": {"spec": running}})
	mounts.stores == [] with input as custom({"template": {"spec": {"volumes": [efs]}}})
	mounts.stores == [] with input as custom({"template": {"spec": object.union(running, {"volumes": {"x": efs}})}})
	mounts.stores == [] with input as custom({"template": {"spec": object.union(running, {"volumes": [], "disks": [efs]})}})
	document := {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": running}, "head": {"volumes": [efs]}}}
	count(mounts.stores) == 1 with input as {"review": {"object": document}}
}

custom(head) := {"review": {"object": {"apiVersion": "example.com/v1", "kind": "Set", "spec": {"head": head}}}}

test_what_tells_none if {
	every volume in [
		null, "eu-west-1", [], {},
		{"name": "eu-west-1", "nfs": {"server": "10.0.0.1"}},
		{"csi": {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"secretProviderClass": "keys-eu-west-1"}}},
	] {
		mounts.stores == [] with input as of([volume])
	}
	every kind in [
		"configMap", "downwardAPI", "emptyDir", "ephemeral", "gitRepo", "hostPath", "image", "persistentVolumeClaim", "projected", "secret",
	] {
		mounts.stores == [] with input as of([{kind: {"name": "x-eu-west-1"}}])
	}
	every volumes in [null, "x", {}] {
		mounts.stores == [] with input as of(volumes)
	}
}
