package policylib.lib.custom_resources_test

import rego.v1

import data.policylib.lib.custom_resources

of(spec) := {"review": {"object": {"apiVersion": "example.com/v1", "kind": "Thing", "spec": spec}}}

found(xs) := {x.image | some x in xs}

test_lists_and_objects_of_containers if {
	every case in [
		[{"a": [{"containers": [{"image": "x"}]}]}, {"x"}],
		[{"containers": [[{"image": "x"}]], "volumes": [[{"image": {"reference": "y"}}]]}, {"x", "y"}],
		[{"containers": [{"name": "a", "image": "x"}, [{"image": "y"}]]}, {"x", "y"}],
		[{"containers": [{"resources": {"image": "x"}}, [[[{"image": "y"}]]]]}, set()],
		[{"aContainer": {"image": {"registry": "x.io", "repository": "a", "tag": "1", "digest": "d"}}}, {"x.io/a:1@d"}],
		[{"aContainer": {"image": {"tag": "1"}}}, {{"tag": "1"}}],
		[{"initContainers": [{"image": "x"}], "ephemeralContainers": [{"image": "y"}]}, {"x", "y"}],
		[{"sidecars": [{"image": "x"}], "steps": [{"image": 5}]}, {"x", 5}],
		[{"container": {"image": "x"}, "script": {"image": "y"}}, {"x", "y"}],
		[{"disk": {"containerDisk": {"image": "y"}}}, {"y"}],
		[{"stepTemplate": {"image": "x"}, "disk": {"containerDisk": {"image": "y"}}}, {"x", "y"}],
		[{"extraContainers": [{"image": "x"}], "initContainer": {"image": "y"}}, {"x", "y"}],
		[{"containers": {"a": {"image": "x"}, "b": {"name": "overlay"}}}, {"x"}],
		[{"Containers": [{"Image": "x"}], "VOLUMES": [{"Image": {"Reference": "y"}}]}, {"x", "y"}],
		[{"volumes": [{"image": {"reference": "x"}}, {"name": "y"}, null]}, {"x"}],
		[{"volumes": [{"csi": {"volumeAttributes": {"image": "x"}}}, {"CSI": {"VolumeAttributes": {"Image": 5}}}]}, {"x", 5}],
	] {
		found(custom_resources.images) == case[1] with input as of(case[0])
	}
}

test_what_only_looks_like_containers if {
	every spec in [
		{"containers": {"type": "array", "items": {"image": "x"}}},
		{"containers": "image: x", "container": "web", "volumes": {"image": {"reference": "x"}}},
		{"containers": [{"name": "overlay"}, {"image": null}, ["image"], "image"]},
		{"containers": {"name": "x", "main": {"image": "x"}}},
		{"schema": {"openAPIV3Schema": {"example": {"containers": [{"image": "x"}]}}}},
		{"image": "x"},
		{"taskSpec": {"disk": {"image": {"reference": "x"}}}},
		{"volumes": [{"image": {"reference": null}}]},
		{"volumes": [{"csi": {"driver": "x"}}, {"csi": {"volumeAttributes": {"image": null, "share": "x"}}}]},
		{"taskSpec": {"disk": {"csi": {"volumeAttributes": {"image": "x"}}}}},
	] {
		custom_resources.images == set() with input as of(spec)
	}
}

test_a_status_runs_nothing if {
	document := {"apiVersion": "example.com/v1", "kind": "Thing", "status": {"containers": [{"image": "x"}]}}
	custom_resources.images == set() with input as {"review": {"object": document}}
}

test_known_and_inert_kinds_are_not_walked if {
	every case in [["v1", "Pod"], ["v1", "ConfigMap"], ["kyverno.io/v1", "ClusterPolicy"]] {
		document := {"apiVersion": case[0], "kind": case[1], "x": {"containers": [{"image": "x"}]}}
		custom_resources.nodes == [] with input as {"review": {"object": document}}
		not custom_resources.is_walked with input as {"review": {"object": document}}
	}
}

test_a_document_in_the_wrong_case if {
	document := {"ApiVersion": "v1", "Kind": "Pod", "Spec": {"Containers": [{"Image": "x"}]}}
	{one.path | some one in custom_resources.images} == {"/Spec/Containers/0/Image"} with input as {"review": {"object": document}}
}

test_what_an_image_says if {
	custom_resources.images == {
		{"path": "/spec/containers/0/image", "image": "x", "gap": ""},
		{"path": "/spec/volumes/0/image/reference", "image": "y", "gap": ""},
		{"path": "/spec/volumes/1/csi/volumeAttributes/image", "image": "z", "gap": ""},
	} with input as of({"containers": [{"image": "x"}], "volumes": [
		{"image": {"reference": "y"}},
		{"csi": {"volumeAttributes": {"image": "z"}}},
	]})
	{c.key | some c in custom_resources.containers} == {"steps", "script"} with input as of({"steps": [{}], "script": {}})
}

test_what_tells_others if {
	every key in ["podSpecPatch", "taskSpec"] {
		{node.key | some node in custom_resources.nodes} == {lower(key)} with input as of({key: "x"})
	}
}

test_nodes_are_under_telling_keys if {
	{node.key | some node in custom_resources.nodes} == {"containers"} with input as of({"a": {"Containers": [{"image": "x", "env": []}]}})
}
