# METADATA
# title: Kubernetes resources of Terraform that store
# description: The types of Terraform resources that claim, make or describe volumes in Kubernetes.
# related_resources:
#   - https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs
package policylib.lib.terraform_kubernetes

import rego.v1

import data.policylib.lib.labels.keys
import data.policylib.lib.read

# They say by the same label as everything else where they are.
usual := {
	"home": {
		concat(".", ["metadata.annotations", read.text(keys, "region")]),
		concat(".", ["metadata.labels", read.text(keys, "region")]),
		"spec.node_affinity.required.node_selector_term.match_expressions.values",
	},
	"inherits": set(),
}

types[type] := usual if {
	some name in ["persistent_volume", "persistent_volume_claim"]
	some version in ["", "_v1"]
	type := concat("", ["kubernetes_", name, version])
}
