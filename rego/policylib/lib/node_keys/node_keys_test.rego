package policylib.lib.node_keys_test

import rego.v1

import data.policylib.lib.node_keys

test_keys_of_kubernetes if {
	every key in [
		"failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone", "topology.ebs.csi.aws.com/zone",
		"topology.gke.io/zone", "topology.kubernetes.io/region", "topology.kubernetes.io/zone",
	] {
		every value in ["eu-west-1a", "x", "", null, []] {
			node_keys.tells(key, value)
		}
	}
}

test_keys_of_others if {
	every key in ["topology.disk.csi.azure.com/zone", "topology.fsx.csi.aws.com/zone", "region", "acme.io/zone"] {
		every value in ["westeurope-1", "eu-west-1a", "europe-west4"] {
			node_keys.tells(key, value)
		}
		every value in ["", "dmz", "emea", "us", "1", null, ["eu-west-1"]] {
			not node_keys.tells(key, value)
		}
	}
	not node_keys.tells("disk", "eu-west-1")
}

test_names_of_nodes if {
	every key in ["kubernetes.io/hostname", "metadata.name"] {
		node_keys.tells(key, "ip-10-0-1-2.eu-west-1.compute.internal")
		not node_keys.tells(key, "node-1")
		not node_keys.tells(key, null)
	}
	not node_keys.tells("owner", "ip-10-0-1-2.eu-west-1.compute.internal")
}
