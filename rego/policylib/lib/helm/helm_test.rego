package policylib.lib.helm_test

import rego.v1

import data.policylib.lib.choices
import data.policylib.lib.helm

of(kind, values) := {"review": {"object": {"apiVersion": "policylib.dev/v1", "kind": kind, "values": values}}}

paths(pieces) := {fault.path | some piece in pieces; some fault in choices.faults(piece)}

test_values if {
	paths(helm.pieces) == {"/values/image/tag"} with input as of("HelmValues", {"image": {"tag": "1"}})
	paths(helm.pieces) == {"/values"} with input as of("HelmValues", "image")
	paths(helm.pieces) == set() with input as of("HelmValues", null)
	paths(helm.pieces) == set() with input as of("EgressEvent", {"image": {"tag": "1"}})
}

beside(kind, more) := {"review": {"object": object.union(envelope, more)}} if {
	envelope := {"apiVersion": "policylib.dev/v1", "kind": kind, "metadata": {"image": "a"}}
}

test_values_under_another_name if {
	values := {"image": "a", "services": {"web": {"image": "a"}}}
	every kind in ["ServiceCatalog", "TransferRequest"] {
		paths(helm.pieces) == {"/image", "/services/web/image"} with input as beside(kind, values)
	}
	plan := {
		"format_version": "1.2", "planned_values": {"image": "a"}, "variables": {"image": {"value": "a"}}, "values": {"image": "a"},
		"resource_changes": [{"image": "a"}], "web": {"image": "a"},
	}
	paths(helm.pieces) == {"/web/image"} with input as beside("TerraformPlan", plan)
	paths(helm.pieces) == set() with input as beside("EgressEvent", {"image": "a"})
}

test_a_piece_is_the_document_without_its_envelope if {
	piece := {"form": "values", "path": "", "value": {"image": "a"}, "flat": false}
	every kind in ["ServiceCatalog", "TransferRequest", "TerraformPlan"] {
		helm.pieces == {piece} with input as beside(kind, {"image": "a"})
	}
	helm.pieces == {object.union(piece, {"path": "/values"})} with input as of("HelmValues", {"image": "a"})
}

test_what_terraform_writes if {
	every key in [
		"action_invocations", "applyable", "checks", "complete", "configuration", "deferred_changes", "errored", "format_version",
		"output_changes", "planned_values", "prior_state", "proposed_unknown", "provider_format_version", "relevant_attributes",
		"resource_changes", "resource_drift", "terraform_version", "timestamp", "values", "variables",
	] {
		paths(helm.pieces) == set() with input as beside("TerraformPlan", {key: {"image": "a"}})
	}
}
