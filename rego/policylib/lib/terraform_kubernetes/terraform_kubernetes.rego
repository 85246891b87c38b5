# METADATA
# title: Kubernetes resources of Terraform that store
# description: The types of Terraform resources that claim, make or describe volumes in Kubernetes.
# related_resources:
#   - https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs
package policylib.lib.terraform_kubernetes

import rego.v1

# They say by the usual labels where they are.
usual := {
	"home": {
		"metadata.annotations.policylib.dev/region",
		"metadata.labels.policylib.dev/region",
		"spec.node_affinity.required.node_selector_term.match_expressions.values",
	},
	"inherits": set(),
}

types[type] := usual if {
	some name in ["persistent_volume", "persistent_volume_claim"]
	some version in ["", "_v1"]
	type := concat("", ["kubernetes_", name, version])
}
