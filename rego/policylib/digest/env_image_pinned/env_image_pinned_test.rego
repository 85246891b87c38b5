package policylib.digest.env_image_pinned_test

import rego.v1

import data.policylib.digest.env_image_pinned

pod(env) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "x", "env": env}]}}}}

unpinned := pod([{"name": "RELATED_IMAGE_PROXY", "value": "nginx:1.27"}])

on := {"digest": {"env_images": true}}

test_off_by_default if {
	env_image_pinned.violation == set() with input as unpinned
	env_image_pinned.violation == set() with input as unpinned with data.settings as {"digest": {"env_images": false}}
}

test_a_violation_names_place_and_image if {
	expected := {"msg": `image "nginx:1.27" has no digest`, "details": {
		"path": "/spec/containers/0/env/0/value",
		"image": "nginx:1.27",
	}}
	env_image_pinned.violation == {expected} with input as unpinned with data.settings as on
}

test_what_is_not_seen_has_no_image if {
	env := [{"name": "RELATED_IMAGE_PROXY", "valueFrom": {"configMapKeyRef": {"name": "x", "key": "y"}}}]
	expected := {"msg": "/spec/containers/0/env/0/valueFrom takes its image from where it is not seen", "details": {
		"path": "/spec/containers/0/env/0/valueFrom",
		"image": "",
	}}
	env_image_pinned.violation == {expected} with input as pod(env) with data.settings as on
}

test_pinned_images_pass if {
	pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	env_image_pinned.violation == set() with input as pod([{"name": "RELATED_IMAGE_PROXY", "value": pinned}]) with data.settings as on
}

test_malformed_settings_switch_it_on if {
	every odd in [null, "no", "false", 0, [], {}] {
		count(env_image_pinned.violation) == 1 with input as unpinned with data.settings as {"digest": {"env_images": odd}}
	}
	count(env_image_pinned.violation) == 1 with input as unpinned with data.settings as {"digest": null}
}

test_a_caller_cannot_switch_it_off if {
	request := object.union(unpinned, {"parameters": {"digest": {"env_images": false}}})
	count(env_image_pinned.violation) == 1 with input as request with data.settings as on
}
