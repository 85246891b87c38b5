package policylib.lib.pods_test

import rego.v1

import data.policylib.lib.pods

pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}}}

places(xs) := {[x.path, x.image] | some x in xs}

test_every_place_of_an_image if {
	spec := {
		"containers": [{"image": "a"}, {"name": "none"}],
		"initContainers": [{"image": "b"}],
		"EphemeralContainers": [{"image": null}],
		"volumes": [{"image": {"reference": "c"}}, {"image": {}}, {"emptyDir": {}}, {"image": "d"}],
	}
	expected := {
		[["containers", 0, "image"], "a"],
		[["containers", 1, "image"], null],
		[["initContainers", 0, "image"], "b"],
		[["EphemeralContainers", 0, "image"], null],
		[["volumes", 0, "image", "reference"], "c"],
		[["volumes", 1, "image", "reference"], null],
		[["volumes", 3, "image", "reference"], null],
	}
	places(pods.images) == expected with input as pod(spec)
	pods.gaps == set() with input as pod(spec)
}

test_no_container if {
	every spec in [null, "x", 1, [], {}, {"containers": null}, {"containers": []}, {"Containers": [{"image": "a"}]}] {
		{"path": "/spec/containers", "why": "holds no container"} in pods.gaps with input as pod(spec)
	}
}

test_not_a_list if {
	every key in ["containers", "initContainers", "ephemeralContainers", "volumes"] {
		gap := {"path": concat("/", ["/spec", key]), "why": "is not a list"}
		gap in pods.gaps with input as pod({key: {"image": "a"}})
	}
	not_null := {"containers": [{"image": "a"}], "initContainers": null}
	pods.gaps == set() with input as pod(not_null)
}

test_not_an_object if {
	spec := {"containers": [{"image": "a"}, null, "x"], "volumes": [5]}
	{gap.path | some gap in pods.gaps} == {"/spec/containers/1", "/spec/containers/2", "/spec/volumes/0"} with input as pod(spec)
}
