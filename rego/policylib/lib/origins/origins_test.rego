package policylib.lib.origins_test

import rego.v1

import data.policylib.lib.origins

encoded := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

found(tree) := {[origin.path, origin.image, origin.of] | some origin in origins.in_tree("/values", tree)}

test_texts if {
	every case in [
		[{"image": "a:1"}, {["/values/image", "a:1", "image"]}],
		[{"web": {"sidecarImage": "a"}}, {["/values/web/sidecarImage", "a", "image"]}],
		[{"images": ["x.io/a"]}, {["/values/images/0", "x.io/a", "image"]}],
		[{"image": 5}, {["/values/image", 5, "image"]}],
		[{"image": "a/b", "registry": "x.io"}, {["/values/image", "x.io/a/b", "image"], ["/values/registry", "x.io", "registry"]}],
		[{"image": "a", "imageRegistry": "x.io/"}, {["/values/image", "x.io/a", "image"], ["/values/imageRegistry", "x.io/", "registry"]}],
		[
			{"webImage": "a", "webImageRegistry": "x.io"},
			{["/values/webImage", "x.io/a", "image"], ["/values/webImageRegistry", "x.io", "registry"]},
		],
		[{"webImage": "a", "registry": "x.io"}, {["/values/webImage", "a", "image"], ["/values/registry", "x.io", "registry"]}],
		[
			{"image": "y.io/a", "imageRegistry": "x.io"},
			{["/values/image", "y.io/a", "image"], ["/values/image", "x.io/y.io/a", "image"], ["/values/imageRegistry", "x.io", "registry"]},
		],
		[{"image": 5, "registry": "x.io"}, {["/values/image", 5, "image"], ["/values/registry", "x.io", "registry"]}],
	] {
		found(case[0]) == case[1]
	}
}

test_blocks if {
	every case in [
		[{"repository": "a/b", "tag": "1"}, {["/values/image/repository", "a/b", "image"]}],
		[{"name": "a"}, {["/values/image/name", "a", "image"]}],
		[{"reference": "a"}, {["/values/image/reference", "a", "image"]}],
		[{"registry": "x.io", "repository": "a"}, {["/values/image/repository", "x.io/a", "image"]}],
		[
			{"registry": "x.io", "repository": "y.io/a"},
			{["/values/image/repository", "x.io/y.io/a", "image"], ["/values/image/repository", "y.io/a", "image"]},
		],
		[{"registry": "x.io"}, {["/values/image/registry", "x.io", "registry"]}],
		[{"registry": 5}, {["/values/image/registry", "?", "registry"]}],
		[{"repository": ["a"]}, {["/values/image/repository", "?", "image"]}],
		[{"repository": "a@sha256", "tag": encoded}, {["/values/image/repository", concat(":", ["a@sha256", encoded]), "image"]}],
		[{"repository": "a@sha256", "digest": "x"}, {["/values/image/repository", "a@sha256@x", "image"]}],
		[{"tag": "1", "digest": "x"}, set()],
		[{"registry": "", "repository": " "}, set()],
	] {
		found({"image": case[0]}) == case[1]
	}
	found({"web": {"repository": "a", "tag": "1"}}) == {["/values/web/repository", "a", "image"]}
}

test_flat_keys if {
	found({"imageRepository": "a", "imageTag": "1", "imageRegistry": "x.io"}) == {
		["/values/imageRepository", "x.io/a", "image"],
		["/values/imageRegistry", "x.io", "registry"],
	}
	found({"imageTag": "1", "web": {"repository": "a", "imageRepository": "b", "tag": "1"}}) == {
		["/values/web/repository", "a", "image"],
		["/values/web/imageRepository", "b", "image"],
	}
}

test_a_registry_for_all if {
	global := {"imageRegistry": "x.io"}
	said := ["/values/global/imageRegistry", "x.io", "registry"]
	every case in [
		[{"image": {"repository": "a"}}, ["/values/image/repository", "x.io/a", "image"]],
		[{"web": {"image": {"repository": "a"}}}, ["/values/web/image/repository", "x.io/a", "image"]],
		[{"image": {"repository": "y.io/a"}}, ["/values/image/repository", "y.io/a", "image"]],
		[{"image": {"registry": "y.io", "repository": "a"}}, ["/values/image/repository", "y.io/a", "image"]],
		[{"imageRepository": "a"}, ["/values/imageRepository", "x.io/a", "image"]],
		[{"image": "a"}, ["/values/image", "a", "image"]],
	] {
		found(object.union(case[0], {"global": global})) == {said, case[1]}
	}
}

test_a_registry_alone if {
	every case in [
		[{"global": {"registry": "x.io"}}, "/values/global/registry"],
		[{"global": {"hub": "x.io"}}, "/values/global/hub"],
		[{"images": {"registry": "x.io"}}, "/values/images/registry"],
		[{"default_image_registry": "x.io"}, "/values/default_image_registry"],
		[{"dockerRegistry": "x.io"}, "/values/dockerRegistry"],
		[{"web": {"registry": "x.io", "webImage": {"tag": "1"}}}, "/values/web/registry"],
	] {
		found(case[0]) == {[case[1], "x.io", "registry"]}
	}
}

test_nothing_said if {
	every tree in [
		null, {}, {"imageRegistry": ""}, {"imageRegistry": null}, {"registry": "https://registry.npmjs.org"}, {"hub": "x.io"},
		{"env": {"image": "a"}}, {"podAnnotations": {"imageRegistry": "x.io"}}, {"git": {"repository": "git@example.com:a/b", "tag": "1"}},
		{"chart": {"repository": "https://charts.example.com"}},
	] {
		found(tree) == set()
	}
}

test_values_are_an_object if {
	every tree in ["text", 5, ["image"]] {
		found(tree) == {["/values", null, "image"]}
	}
}
