package policylib.lib.residency_nodes_test

import rego.v1

import data.policylib.lib.residency_nodes

pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}}}

affinity(how) := pod({"affinity": {"nodeAffinity": how}})

expression(key, operator, values) := {"key": key, "operator": operator, "values": values}

required(expressions) := affinity({"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
	{"matchExpressions": expressions},
]}})

values(chosen) := {one.value | some one in chosen}

zone := "topology.kubernetes.io/zone"

region := "topology.kubernetes.io/region"

test_node_selectors if {
	every key in [
		zone, region, "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
		"topology.gke.io/zone", "topology.ebs.csi.aws.com/zone",
	] {
		values(residency_nodes.chosen) == {"eu-west-1a"} with input as pod({"nodeSelector": {key: "eu-west-1a", "disk": "ssd"}})
	}
	residency_nodes.chosen == {{
		"path": "/spec/template/spec/nodeSelector/topology.kubernetes.io~1zone",
		"value": "eu-west-1a",
	}} with input as {"review": {"object": {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"spec": {"template": {"spec": {"nodeSelector": {zone: "eu-west-1a"}}}},
	}}}
}

test_node_affinity if {
	residency_nodes.chosen == {
		{
			"path": "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/1",
			"value": "eu-west-1a",
		},
		{
			"path": "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/1",
			"value": "eu-west-1b",
		},
	} with input as required([expression("disk", "In", ["ssd"]), expression(zone, "In", ["eu-west-1a", "eu-west-1b"])])
	preferred := affinity({"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": {"matchExpressions": [
		expression(region, "In", ["eu-west-1"]),
	]}}]})
	values(residency_nodes.chosen) == {"eu-west-1"} with input as preferred
}

test_names_of_nodes if {
	host := "ip-10-0-1-2.eu-west-1.compute.internal"
	residency_nodes.chosen == {{"path": "/spec/nodeName", "value": host}} with input as pod({"nodeName": host})
	residency_nodes.chosen == set() with input as pod({"nodeName": "node-1"})
	values(residency_nodes.chosen) == {host} with input as pod({"nodeSelector": {"kubernetes.io/hostname": host}})
	terms := [{"matchFields": [expression("metadata.name", "In", [host, "node-1"])]}]
	values(residency_nodes.chosen) == {host}
		with input as affinity({"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}})
}

test_keys_of_others if {
	key := "topology.disk.csi.azure.com/zone"
	values(residency_nodes.chosen) == {"westeurope-1"} with input as pod({"nodeSelector": {key: "westeurope-1", "zone": "dmz"}})
	values(residency_nodes.chosen) == {"westeurope-1"} with input as required([expression(key, "In", ["westeurope-1", ""])])
	residency_nodes.chosen == set() with input as {"review": {"object": {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"labels": {"dr-region": "eu-west-1"}},
	}}}
}

test_odd_values_are_places_too if {
	every case in [[null, null], [[], []], ["eu-west-1", "eu-west-1"], [[5], 5]] {
		values(residency_nodes.chosen) == {case[1]} with input as required([expression(region, "In", case[0])])
	}
	values(residency_nodes.chosen) == {"eu-west-1"} with input as required([expression(region, "", ["eu-west-1"])])
	values(residency_nodes.chosen) == {null} with input as pod({"nodeSelector": {region: null}})
}

test_what_places_nothing if {
	every operator in ["Exists", "DoesNotExist", "NotIn"] {
		residency_nodes.chosen == set() with input as required([expression(region, operator, ["eu-west-1"])])
	}
	every spec in [null, {}, {"nodeSelector": null}, {"nodeSelector": []}, {"affinity": null}, {"affinity": {"nodeAffinity": "x"}}] {
		residency_nodes.chosen == set() with input as pod(spec)
		residency_nodes.avoided == set() with input as pod(spec)
	}
	other := pod({"affinity": {"podAffinity": {"required": [expression(region, "In", ["eu-west-1"])]}}})
	residency_nodes.chosen == set() with input as other
}

test_avoided if {
	values(residency_nodes.avoided) == {"eu-west-1", "eu-west-2"} with input as required([
		expression(region, "NotIn", ["eu-west-1"]),
		expression("failure-domain.beta.kubernetes.io/region", "NotIn", ["eu-west-2"]),
		expression(zone, "NotIn", ["us-east-1a"]),
		expression(region, "In", ["us-east-1"]),
	])
	count({one.path | some one in residency_nodes.avoided}) == 2 with input as required([
		expression(region, "NotIn", ["eu-west-1"]),
		expression(region, "NotIn", ["eu-west-1"]),
	])
}

test_topology_labels if {
	residency_nodes.chosen == {
		{"path": "/metadata/labels/topology.kubernetes.io~1region", "value": "eu-west-1"},
		{"path": "/metadata/annotations/topology.kubernetes.io~1zone", "value": "eu-west-1a"},
	} with input as {"review": {"object": {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"labels": {region: "eu-west-1", "app": "x"}, "annotations": {zone: "eu-west-1a"}},
	}}}
}

test_kinds_that_nobody_declared if {
	every spec in [{"nodeSelector": {region: "eu-west-1"}}, required([expression(region, "In", ["eu-west-1"])]).review.object.spec] {
		values(residency_nodes.chosen) == {"eu-west-1"} with input as {"review": {"object": {
			"apiVersion": "example.com/v1",
			"kind": "Thing",
			"spec": {"pods": [spec, "x"]},
		}}}
	}
	residency_nodes.chosen == {{"path": "/spec/pods/0/nodeSelector/topology.kubernetes.io~1region", "value": "eu-west-1"}}
		with input as {"review": {"object": {
			"apiVersion": "example.com/v1",
			"kind": "Thing",
			"spec": {"pods": [{"nodeSelector": {region: "eu-west-1"}}]},
		}}}
	residency_nodes.chosen == set() with input as {"review": {"object": {
		"apiVersion": "example.com/v1",
		"kind": "Thing",
		"spec": {"spread": {zone: "eu-west-1a"}},
	}}}
	residency_nodes.chosen == set() with input as {"review": {"object": {
		"apiVersion": "v1",
		"kind": "ConfigMap",
		"data": {"nodeSelector": {region: "eu-west-1"}},
	}}}
}
