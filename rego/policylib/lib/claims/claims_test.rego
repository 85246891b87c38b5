package policylib.lib.claims_test

import rego.v1

import data.policylib.lib.claims

of(document) := {"review": {"object": document}}

claim(labels, spec) := of({
	"apiVersion": "v1",
	"kind": "PersistentVolumeClaim",
	"metadata": {"name": "data", "labels": {concat("", ["policylib.dev/", key]): value | some key, value in labels}},
	"spec": spec,
})

workload(labels, spec) := of({
	"apiVersion": "apps/v1",
	"kind": "StatefulSet",
	"metadata": {"labels": {concat("", ["policylib.dev/", key]): value | some key, value in labels}},
	"spec": spec,
})

acme := {"data-class": "pii", "region": "us-east-1", "tenant": "acme"}

values(places) := {place.value | some place in places}

paths contains source.path if some source in claims.sources

test_a_claim if {
	claims.stores == [{
		"name": "data",
		"classes": {"pii"},
		"tenants": {"acme"},
		"places": {{"path": "/metadata/labels/policylib.dev~1region", "value": "us-east-1"}},
		"gaps": set(),
	}] with input as claim(acme, {})
}

test_a_claim_that_says_nothing if {
	every document in [
		{"apiVersion": "v1", "kind": "PersistentVolumeClaim"},
		{"kind": "persistentvolumeclaim"},
		{"apiVersion": "storage/v9", "kind": "PersistentVolumeClaim", "metadata": null, "spec": null},
		{"apiVersion": "v1", "spec": {"resources": {"requests": {"storage": "1Gi"}}}},
		{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"labels": ["x"], "annotations": {"policylib.dev/region": null}}},
	] {
		[store.gaps | some store in claims.stores] == [{
			{"path": "", "why": "no data class is declared"},
			{"path": "", "why": "no location is declared"},
		}] with input as of(document)
		[store.name | some store in claims.stores] == [""] with input as of(document)
	}
}

test_what_is_no_claim if {
	every document in [
		null, "x", {},
		{"apiVersion": "example.com/v1", "kind": "PersistentVolumeClaim"},
		{"apiVersion": "v1", "kind": "Pod", "spec": {"resources": {"requests": {"storage": "1Gi"}}}},
		{"apiVersion": "v1", "spec": {"resources": {"requests": {"storage": null}}}},
		{"apiVersion": "v1", "kind": "ConfigMap", "data": {"volumeClaimTemplates": [{}]}},
		{"apiVersion": "v1", "kind": "Pod", "status": {"volumeClaimTemplates": [{}]}},
		{"apiVersion": "x.io/v1", "kind": "X", "spec": {"openAPIV3Schema": {"volumeClaimTemplates": [{}]}}},
		{"apiVersion": "x.io/v1", "kind": "X", "spec": {"volumeClaimTemplatesOf": [{}], "text": "volumeClaimTemplate"}},
		{"apiVersion": "x.io/v1", "kind": "X", "spec": {"volumeclaimtemplate": null}},
	] {
		claims.stores == [] with input as of(document)
	}
}

test_templates_wherever_they_stand if {
	every i in [0, 1] {
		["spec", "volumeClaimTemplates", i] in paths with input as workload({}, {"volumeClaimTemplates": [{}, null]})
	}
	paths == {["spec", "VolumeClaimTemplates"]} with input as workload({}, {"VolumeClaimTemplates": "x"})
	pod := {"volumes": [{"ephemeral": {"volumeClaimTemplate": {}}}]}
	path := ["spec", "template", "spec", "volumes", 0, "ephemeral", "volumeClaimTemplate"]
	paths == {path} with input as workload({}, {"template": {"spec": pod}})
	custom := {"apiVersion": "x.io/v1", "kind": "X", "spec": {"nodes": {"volumeClaimTemplate": {}}}}
	paths == {["spec", "nodes", "volumeClaimTemplate"]} with input as of(custom)
	short := {"apiVersion": "x.io/v1", "kind": "X", "spec": {"storage": {"pvcTemplate": {}}}}
	paths == {["spec", "storage", "pvcTemplate"]} with input as of(short)
	paths == set() with input as workload({}, {"volumeClaimTemplates": []})
}

test_a_template_says_less_than_its_workload if {
	[store] := claims.stores with input as workload(acme, {"volumeClaimTemplates": [{"metadata": {"name": "a"}}]})
	store == {
		"name": "a",
		"classes": {"pii"},
		"tenants": {"acme"},
		"places": {{"path": "/metadata/labels/policylib.dev~1region", "value": "us-east-1"}},
		"gaps": set(),
	}
}

test_a_template_says_more_than_its_workload if {
	own := {
		"labels": {"policylib.dev/data-class": "logs"},
		"annotations": {"policylib.dev/tenant": "b", "policylib.dev/region": "us-west-2, eu"},
	}
	[store] := claims.stores with input as workload(acme, {"volumeClaimTemplates": [{"metadata": own}]})
	store.classes == {"logs"}
	store.tenants == {"b"}
	store.places == {{"path": "/spec/volumeClaimTemplates/0/metadata/annotations/policylib.dev~1region", "value": value} |
		some value in ["us-west-2", "eu"]
	}
	store.gaps == set()
}

test_gaps_of_a_template if {
	[store] := claims.stores with input as workload({}, {"volumeClaimTemplates": [{"metadata": {"labels": {"policylib.dev/region": "eu"}}}]})
	store.gaps == {{"path": "/spec/volumeClaimTemplates/0", "why": "no data class is declared"}}
}

test_other_places_of_a_claim if {
	spec := {
		"volumeName": "pv-eu-west-1",
		"storageClassName": "gp3-us-west-2",
		"selector": {
			"matchLabels": {"topology.kubernetes.io/zone": "us-east-1a"},
			"matchExpressions": [{"key": "topology.kubernetes.io/region", "operator": "In", "values": ["ap-south-1"]}],
		},
		"dataSource": {"name": "snapshot-of-eu-north-1"},
	}
	[store] := claims.stores with input as claim({"data-class": "pii"}, spec)
	store.places == {
		{"path": "/spec/volumeName", "value": "eu-west-1"},
		{"path": "/spec/storageClassName", "value": "us-west-2"},
		{"path": "/spec/selector/matchLabels/topology.kubernetes.io~1zone", "value": "us-east-1a"},
		{"path": "/spec/selector/matchExpressions/0/values/0", "value": "ap-south-1"},
	}
	store.gaps == set()
}

test_labels_that_speak_of_places if {
	metadata := {
		"name": "eu-west-1",
		"labels": {"topology.kubernetes.io/zone": "us-east-1a", "policylib.dev/region": 5},
		"annotations": {"failure-domain.beta.kubernetes.io/region": "eu", "volume.kubernetes.io/selected-node": "eu-west-1"},
	}
	[store] := claims.stores with input as of({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata})
	values(store.places) == {"us-east-1a", "eu", 5, "5"}
}

test_other_keys if {
	labels := {"class": "a", "site": "b", "customer": "c"}
	[store] := claims.stores with input as of({"kind": "PersistentVolumeClaim", "metadata": {"labels": labels}})
		with data.settings as {"labels": {"data_class": "class", "region": "site", "tenant": "customer"}}
	store.classes == {"a"}
	values(store.places) == {"b"}
	store.tenants == {"c"}
}

test_the_catalog if {
	[store] := claims.stores with input as workload({"service": "web"}, {"volumeClaimTemplates": [{}]})
		with data.settings as {"catalog": {"services": {"web": {"data_classes": ["pii"], "regions": ["us-east-1"]}}}}
	store.classes == {"pii"}
	values(store.places) == {"us-east-1"}
}
