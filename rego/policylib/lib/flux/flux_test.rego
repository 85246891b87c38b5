package policylib.lib.flux_test

import rego.v1

import data.policylib.lib.choices
import data.policylib.lib.flux

release(spec) := {"review": {"object": {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "spec": spec}}}

kustomization(spec) := {"review": {"object": {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "spec": spec}}}

paths(pieces) := {fault.path | some piece in pieces; some fault in choices.faults(piece)}

test_each_place_of_values if {
	every case in [
		[{"values": {"image": {"tag": "1"}}}, "/spec/values/image/tag"],
		[{"valuesFrom": [{"kind": "ConfigMap", "name": "x"}]}, "/spec/valuesFrom/0"],
		[{"valuesFrom": [null]}, "/spec/valuesFrom/0"],
		[{"valuesFrom": {"kind": "ConfigMap"}}, "/spec/valuesFrom"],
		[{"postRenderers": {"kustomize": {}}}, "/spec/postRenderers"],
		[
			{"postRenderers": [{"kustomize": {"patches": [{"patch": "image: a"}]}}]},
			"/spec/postRenderers/0/kustomize/patches/0/patch",
		],
		[
			{"postRenderers": [{}, {"kustomize": {"images": [{"name": "a", "newTag": "1"}]}}]},
			"/spec/postRenderers/1/kustomize/images/0/newTag",
		],
	] {
		paths(flux.pieces) == {case[1]} with input as release(case[0])
	}
}

test_pieces if {
	values := {"form": "override", "path": "/spec/values", "value": {}, "flat": false}
	flux.pieces == {values} with input as release({"values": {}})
	old := {"review": {"object": {"apiVersion": "helm.fluxcd.io/v1", "kind": "HelmRelease", "spec": {"values": {}}}}}
	flux.pieces == {values} with input as old
	flux.pieces == {
		{"form": "values", "path": "/spec/postBuild/substitute", "value": null, "flat": false},
		{"form": "images", "path": "/spec/images", "value": [], "flat": false},
	} with input as kustomization({"images": []})
	every case in [
		[{"valuesFrom": "x"}, "is not a list"],
		[{"valuesFrom": [{}]}, "takes values from an object whose contents are not seen here"],
	] {
		{piece.value | some piece in flux.pieces; piece.form == "gap"} == {case[1]} with input as release(case[0])
	}
}

test_nothing_chosen if {
	every spec in [null, "x", {}, {"values": null, "valuesFrom": null, "postRenderers": null}, {"chart": {"spec": {"chart": "a"}}}] {
		paths(flux.pieces) == set() with input as release(spec)
		paths(flux.pieces) == set() with input as kustomization(spec)
	}
}

test_unseen_values_may_be_trusted if {
	spec := {"valuesFrom": [{"kind": "ConfigMap", "name": "x"}]}
	paths(flux.pieces) == set() with input as release(spec) with data.settings as {"digest": {"trust_values_from": true}}
	count(paths(flux.pieces)) == 1 with input as release(spec) with data.settings as {"digest": {"trust_values_from": "yes"}}
}

test_kustomizations if {
	paths(flux.pieces) == {"/spec/patches/0/patch"} with input as kustomization({"patches": [{"patch": "image: a"}]})
	substitute := {"postBuild": {"substitute": {"app_image": "nginx", "region": "eu"}}}
	paths(flux.pieces) == {"/spec/postBuild/substitute/app_image"} with input as kustomization(substitute)
	paths(flux.pieces) == {"/spec/images/0/newTag"} with input as kustomization({"images": [{"name": "a", "newTag": "1"}]})
}

test_each_kind_has_its_own_fields if {
	release_fields := {
		"values": {"image": "a"}, "valuesFrom": [{"kind": "ConfigMap"}],
		"postRenderers": [{"kustomize": {"images": [{"name": "a", "newTag": "1"}]}}],
	}
	paths(flux.pieces) == set() with input as kustomization(release_fields)
	paths(flux.pieces) == set() with input as kustomization({"postRenderers": "x"})
	kustomization_fields := {"images": [{"name": "a", "newTag": "1"}], "postBuild": {"substitute": {"image": "a"}}}
	paths(flux.pieces) == set() with input as release(kustomization_fields)
}
