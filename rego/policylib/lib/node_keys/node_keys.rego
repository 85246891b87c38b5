# METADATA
# title: Labels of nodes that speak of places
# description: Which labels of nodes say where a node is, for whoever chooses nodes by them.
# related_resources:
#   - https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesioregion
package policylib.lib.node_keys

import rego.v1

import data.policylib.lib.places
import data.policylib.lib.regions

# Whatever stands under these is a place.
always := of_regions | {
	"failure-domain.beta.kubernetes.io/zone",
	"topology.ebs.csi.aws.com/zone",
	"topology.gke.io/zone",
	"topology.kubernetes.io/zone",
}

of_regions := {"failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"}

# What names a node. Some name their region as well.
of_hosts := {"kubernetes.io/hostname", "metadata.name"}

tells(key, _) if key in always

# Under a driver's key, or a team's own, a value is a place if it is known as one: a zone may be a dmz.
tells(key, value) if {
	places.is_key(key)
	regions.region(value)
}

tells(key, value) if {
	key in of_hosts
	regions.is_known(value)
}
