package policylib.lib.pods_test

import rego.v1

import data.policylib.lib.pods

found(spec) := {[one.path, one.image, one.gap] | some one in pods.images("/spec", spec)}

test_every_place_of_an_image if {
	spec := {
		"containers": [{"image": "a"}, {"name": "none"}],
		"initContainers": [{"image": "b"}],
		"EphemeralContainers": [{"image": null}, {"image": 5}],
		"volumes": [{"image": {"reference": "c"}}, {"image": {}}, {"emptyDir": {}}, {"image": "d"}, {"image": null}],
		"imagePullSecrets": [{"image": "x"}],
		"Volumes": [
			{"csi": {"driver": "csi-image.example.com", "volumeAttributes": {"image": "e"}}},
			{"csi": {"driver": "x", "volumeAttributes": null}}, {"csi": "x"}, {"csi": {"volumeAttributes": {"share": "a"}}},
		],
	}
	found(spec) == {
		["/spec/containers/0/image", "a", ""],
		["/spec/containers/1/image", null, ""],
		["/spec/initContainers/0/image", "b", ""],
		["/spec/EphemeralContainers/0/image", null, ""],
		["/spec/EphemeralContainers/1/image", 5, ""],
		["/spec/volumes/0/image/reference", "c", ""],
		["/spec/volumes/1/image/reference", null, ""],
		["/spec/volumes/3/image/reference", null, ""],
		["/spec/Volumes/0/csi/volumeAttributes/image", "e", ""],
	}
}

test_no_container if {
	none := ["/spec/containers", null, "holds no container"]
	every spec in [null, "x", 1, [], {}, {"containers": null}, {"containers": []}] {
		found(spec) == {none}
	}
	found({"Containers": [{"image": "a"}]}) == {none, ["/spec/Containers/0/image", "a", ""]}
}

test_not_a_list if {
	every key in ["initContainers", "ephemeralContainers", "volumes"] {
		spec := {"containers": [{"image": "a"}], key: {"image": "b"}}
		[concat("/", ["/spec", key]), null, "is not a list"] in found(spec)
	}
	["/spec/containers", null, "is not a list"] in found({"containers": "x"})
	found({"containers": [{"image": "a"}], "initContainers": null}) == {["/spec/containers/0/image", "a", ""]}
}

test_not_an_object if {
	spec := {"containers": [{"image": "a"}, null, "x"], "volumes": [5]}
	found(spec) == {
		["/spec/containers/0/image", "a", ""],
		["/spec/containers/1", null, "is not an object"],
		["/spec/containers/2", null, "is not an object"],
		["/spec/volumes/0", null, "is not an object"],
	}
}

test_containers if {
	spec := {
		"containers": [{"name": "a"}, null], "InitContainers": [{"name": "b"}], "volumes": [{"name": "c"}], "ephemeralContainers": "x",
		"imagePullSecrets": [{"name": "d"}],
	}
	pods.containers(spec) == {["containers", 0]: {"name": "a"}, ["InitContainers", 0]: {"name": "b"}}
	pods.containers(null) == {}
}
