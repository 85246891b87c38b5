package policylib.digest.values_pinned_test

import rego.v1

import data.policylib.digest.values_pinned

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

of(document) := {"review": {"object": document}}

values(tree) := of({"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "metadata": {"name": "v"}, "values": tree})

test_a_violation_names_place_and_image if {
	expected := {"msg": `image "ghcr.io/org/app:1" has no digest`, "details": {
		"path": "/values/image/tag",
		"image": "ghcr.io/org/app:1",
	}}
	values_pinned.violation == {expected} with input as values({"image": {"repository": "ghcr.io/org/app", "tag": "1"}})
}

test_pinned_values_pass if {
	values_pinned.violation == set() with input as values({"image": {"repository": "ghcr.io/org/app", "digest": digest}})
}

test_an_elided_digest_is_malformed if {
	violations := values_pinned.violation with input as values({"image": {"repository": "a", "digest": "sha256:abcdef..."}})
	{v.details.path | some v in violations} == {"/values/image/digest"}
}

test_each_kind_that_carries_values if {
	every document in [
		{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "spec": {"source": {"helm": {"values": "image: a"}}}},
		{"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "spec": {"values": {"image": "a"}}},
		{"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "spec": {"valuesFrom": [{"name": "x"}]}},
		{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "spec": {"images": [{"name": "a", "newTag": "1"}]}},
		{"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "images": [{"name": "a", "newTag": "1"}]},
		{"kind": "Kustomization", "images": [{"name": "a", "newTag": "1"}]},
	] {
		count(values_pinned.violation) == 1 with input as of(document)
	}
}

test_other_documents_carry_no_values if {
	every document in [null, "x", {}, {"apiVersion": "v1", "kind": "ConfigMap", "values": {"image": "a"}}] {
		values_pinned.violation == set() with input as of(document)
	}
}
