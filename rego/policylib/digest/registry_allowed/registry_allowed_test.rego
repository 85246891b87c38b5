package policylib.digest.registry_allowed_test

import rego.v1

import data.policylib.digest.registry_allowed

of(document) := {"review": {"object": document}}

pod(image) := of({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image}]}})

values(tree) := of({"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": tree})

allowing(entries) := {"digest": {"registries": entries}}

ours := allowing(["ghcr.io/org/"])

test_without_the_setting_nothing_is_restricted if {
	registry_allowed.violation == set() with input as pod("evil.io/x")
	registry_allowed.violation == set() with input as values({"image": "evil.io/x", "global": {"imageRegistry": "evil.io"}})
}

test_a_violation_names_place_and_image if {
	expected := {"msg": `image "nginx:1.27" is from docker.io/library/nginx, which digest.registries does not allow`, "details": {
		"path": "/spec/containers/0/image",
		"image": "nginx:1.27",
	}}
	registry_allowed.violation == {expected} with input as pod("nginx:1.27") with data.settings as ours
}

test_allowed_images_pass if {
	registry_allowed.violation == set() with input as values({"image": "ghcr.io/org/app:1"}) with data.settings as ours
	registry_allowed.violation == set() with input as pod("ghcr.io/org/app:1") with data.settings as ours
	registry_allowed.violation == set() with input as values({"image": {"repository": "ghcr.io/org/app"}}) with data.settings as ours
	registry_allowed.violation == set() with input as values({"global": {"imageRegistry": "ghcr.io"}}) with data.settings as ours
}

test_what_cannot_be_told_is_denied if {
	every image in [null, 5, "", "https://ghcr.io/org/app", "ghcr.io/org/../x", "x@ghcr.io/org/app"] {
		count(registry_allowed.violation) == 1 with input as pod(image) with data.settings as ours
	}
}

test_malformed_settings_deny if {
	every entries in [null, [], "ghcr.io/org/", ["ghcr.io/org/", ""], ["*"]] {
		count(registry_allowed.violation) == 1 with input as pod("ghcr.io/org/app") with data.settings as allowing(entries)
	}
	count(registry_allowed.violation) == 1 with input as pod("ghcr.io/org/app") with data.settings as {"digest": []}
}

test_whatever_chooses_an_image if {
	every case in [
		[{"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": {"image": {"repository": "evil.io/x"}}}, "/values/image/repository"],
		[{"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": {"image": {"registry": "evil.io"}}}, "/values/image/registry"],
		[{"kind": "Kustomization", "images": [{"name": "a", "newName": "evil.io/x"}]}, "/images/0/newName"],
		[
			{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "spec": {"source": {"helm": {"values": "image: evil.io/x"}}}},
			"/spec/source/helm/values",
		],
		[
			{"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "spec": {"values": {"image": "evil.io/x"}}},
			"/spec/values/image",
		],
		[{"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [{"image": "evil.io/x"}]}}, "/spec/steps/0/image"],
	] {
		violations := registry_allowed.violation with input as of(case[0]) with data.settings as ours
		{v.details.path | some v in violations} == {case[1]}
	}
}

test_a_caller_cannot_allow_himself_a_registry if {
	request := object.union(pod("evil.io/x"), {"parameters": {"digest": {"registries": ["evil.io/"]}}})
	count(registry_allowed.violation) == 1 with input as request with data.settings as ours
}

test_an_image_is_judged_as_an_image_and_not_as_a_registry if {
	settings := allowing(["docker.io/library/nginx"])
	registry_allowed.violation == set() with input as values({"image": "nginx:1"}) with data.settings as settings
}
