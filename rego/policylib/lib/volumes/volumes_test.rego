package policylib.lib.volumes_test

import rego.v1

import data.policylib.lib.volumes

of(kind, parts) := {"review": {"object": object.union({"apiVersion": "v1", "kind": kind}, parts)}}

labels(parts) := {"metadata": {"name": "x", "labels": {concat("", ["policylib.dev/", key]): value | some key, value in parts}}}

values contains place.value if {
	some store in volumes.stores
	some place in store.places
}

whys contains gap.why if {
	some store in volumes.stores
	some gap in store.gaps
}

test_a_volume if {
	labelled := labels({"data-class": "pii", "region": "us-east-1", "tenant": "acme"})
	given := object.union(labelled, {"spec": {"nfs": {"server": "data-eu-west-1"}}})
	volumes.stores == [{
		"name": "x",
		"kind": "PersistentVolume",
		"classes": {"pii"},
		"tenants": {"acme"},
		"places": {
			{"path": "/metadata/labels/policylib.dev~1region", "value": "us-east-1"},
			{"path": "/spec/nfs/server", "value": "eu-west-1"},
		},
		"gaps": set(),
	}] with input as of("PersistentVolume", given)
}

test_a_volume_that_says_nothing if {
	every parts in [{}, {"metadata": null, "spec": null}, {"spec": {"hostPath": {"path": "/data"}}}] {
		[store.gaps | some store in volumes.stores] == [{
			{"path": "", "why": "no data class is declared"},
			{"path": "", "why": "no location is declared"},
		}] with input as of("persistentvolume", parts)
	}
}

test_where_a_volume_is if {
	expression := {"key": "topology.gke.io/zone", "operator": "In", "values": ["us-east1-b"]}
	every spec, expected in {
		{"nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}}}: {"us-east1-b"},
		{"csi": {"volumeHandle": "projects/p/zones/moon-1/disks/d"}}: {"moon-1"},
		{"csi": {"volumeAttributes": {"location": "West Europe"}}}: {"West Europe"},
		{"mountOptions": ["region eu-west-1"]}: {"eu-west-1"},
	} {
		values == expected with input as of("PersistentVolume", {"spec": spec})
	}
	values == {"eu"} with input as of("PersistentVolume", {"metadata": {"annotations": {"topology.kubernetes.io/region": "eu"}}})
}

test_a_class_without_a_place_is_left_to_the_claims if {
	every parts in [
		{}, labels({"data-class": "pii"}), {"parameters": {"type": "gp3", "kmsKeyId": "arn:aws:kms:us-east-1:1:key/k"}},
		{"parameters": "x"},
	] {
		every kind in ["StorageClass", "storageclass", "VolumeSnapshotClass"] {
			volumes.stores == [] with input as of(kind, parts)
		}
	}
}

test_where_a_class_makes_volumes if {
	every parts, expected in {
		{"allowedTopologies": [{"matchLabelExpressions": [{"key": "topology.kubernetes.io/zone", "values": ["us-east-1a"]}]}]}: {"us-east-1a"},
		{"parameters": {"zones": "us-east1-b, us-east1-c"}}: {"us-east1-b", "us-east1-c"},
		{"parameters": {"storage-locations": "EU"}}: {"EU"},
		{"mountOptions": ["region eu-west-1"]}: {"eu-west-1"},
		labels({"region": "eu-west-1"}): {"eu-west-1"},
		{"metadata": {"labels": {"topology.kubernetes.io/zone": "eu-west-1a"}}}: {"eu-west-1a"},
	} {
		values == expected with input as of("StorageClass", parts)
		whys == {"no data class is declared"} with input as of("StorageClass", parts)
		values == expected with input as of("VolumeSnapshotClass", parts)
		whys == set() with input as of("StorageClass", object.union(parts, {"metadata": {"annotations": {"policylib.dev/data-class": "pii"}}}))
	}
}

test_a_label_that_the_settings_name if {
	given := {"metadata": {"labels": {"acme.example/where": "mars"}}}
	values == {"mars"} with input as of("PersistentVolume", given)
		with data.settings as {"labels": {"region": "acme.example/where"}}
}

test_copies_in_the_paired_region if {
	given := object.union(labels({"data-class": "pii"}), {"parameters": {"skuName": "Standard_GRS", "location": "westeurope"}})
	[store] := volumes.stores with input as of("StorageClass", given)
	store.gaps == set()
	store.places == {
		{"path": "/parameters/location", "value": "westeurope"},
		{"path": "/parameters/skuName", "value": "northeurope"},
	}
	elsewhere := object.union(labels({"data-class": "pii", "region": "mars"}), {"parameters": {"skuName": "Standard_GRS"}})
	whys == {"it asks for copies in the paired region, and none is known"} with input as of("StorageClass", elsewhere)
	bare := object.union(labels({"data-class": "pii"}), {"parameters": {"skuName": "Standard_GRS"}})
	[open] := volumes.stores with input as of("StorageClass", bare)
	open.gaps == {
		{"path": "", "why": "no location is declared"},
		{"path": "/parameters/skuName", "why": "it asks for copies in the paired region, and none is known"},
	}
}

test_groups if {
	every group, expected in {"v1": 1, "storage.k8s.io/v1": 1, "storage/v9": 1, "example.com/v1": 0, "": 1} {
		every kind in ["PersistentVolume", "StorageClass"] {
			given := {"apiVersion": group, "kind": kind, "metadata": {"labels": {"policylib.dev/region": "eu"}}}
			count(volumes.stores) == expected with input as {"review": {"object": given}}
		}
	}
}

test_what_is_none if {
	pod := object.union(of("Pod", labels({"region": "eu"})).review.object, {"parameters": {"zone": "eu"}})
	every document in [null, "x", {}, pod] {
		volumes.stores == [] with input as {"review": {"object": document}}
	}
}
