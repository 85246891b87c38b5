package policylib.lib.terraform_kubernetes_test

import rego.v1

import data.policylib.lib.terraform_kubernetes

test_claims_and_volumes if {
	object.keys(terraform_kubernetes.types) == {
		"kubernetes_persistent_volume", "kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1",
		"kubernetes_persistent_volume_v1",
	}
	every details in terraform_kubernetes.types {
		details == {"inherits": set(), "home": {
			"metadata.annotations.policylib.dev/region", "metadata.labels.policylib.dev/region",
			"spec.node_affinity.required.node_selector_term.match_expressions.values",
		}}
	}
}

test_the_settings_name_the_label if {
	types := terraform_kubernetes.types with data.settings as {"labels": {"region": "example.com/where"}}
	every details in types {
		details.home == {
			"metadata.annotations.example.com/where", "metadata.labels.example.com/where",
			"spec.node_affinity.required.node_selector_term.match_expressions.values",
		}
	}
}
