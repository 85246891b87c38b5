package policylib.lib.pods_test

import rego.v1

import data.policylib.lib.pods

faults(spec) := {[fault.path, fault.why] | some fault in pods.faults("/spec", spec)}

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

test_every_place_of_an_image if {
	spec := {
		"containers": [{"image": "a"}, {"name": "none"}, {"image": pinned}],
		"initContainers": [{"image": "b"}],
		"EphemeralContainers": [{"image": null}],
		"volumes": [
			{"image": {"reference": "c"}}, {"image": {}}, {"emptyDir": {}}, {"image": "d"}, {"image": null},
			{"image": {"reference": pinned}},
		],
	}
	faults(spec) == {
		["/spec/containers/0/image", "has no digest"],
		["/spec/containers/1/image", "is missing"],
		["/spec/initContainers/0/image", "has no digest"],
		["/spec/EphemeralContainers/0/image", "is missing"],
		["/spec/volumes/0/image/reference", "has no digest"],
		["/spec/volumes/1/image/reference", "is missing"],
		["/spec/volumes/3/image/reference", "is missing"],
	}
}

test_says_which_image if {
	spec := {"containers": [{"image": "x"}]}
	pods.faults("/spec", spec) == {{"path": "/spec/containers/0/image", "image": "x", "why": "has no digest"}}
}

test_no_container if {
	every spec in [null, "x", 1, [], {}, {"containers": null}, {"containers": []}, {"Containers": [{"image": pinned}]}] {
		faults(spec) == {["/spec/containers", "holds no container"]}
	}
}

test_not_a_list if {
	every key in ["initContainers", "ephemeralContainers", "volumes"] {
		spec := {"containers": [{"image": pinned}], key: {"image": "a"}}
		faults(spec) == {[concat("/", ["/spec", key]), "is not a list"]}
	}
	["/spec/containers", "is not a list"] in faults({"containers": "x"})
	faults({"containers": [{"image": pinned}], "initContainers": null}) == set()
}

test_not_an_object if {
	spec := {"containers": [{"image": pinned}, null, "x"], "volumes": [5]}
	faults(spec) == {
		["/spec/containers/1", "is not an object"],
		["/spec/containers/2", "is not an object"],
		["/spec/volumes/0", "is not an object"],
	}
}
