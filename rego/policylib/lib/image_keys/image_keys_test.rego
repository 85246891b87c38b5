package policylib.lib.image_keys_test

import rego.v1

import data.policylib.lib.image_keys

test_keys_of_one_image if {
	every key in ["image", "sidecarImage", "sidecar_image", "sidecar-image", "IMAGE"] {
		image_keys.is_image(key)
	}
	every key in ["images", "imageTag", "imagePullPolicy", "imagePullSecrets", "imageRegistry", "osImage", "hero_image", "", 0] {
		not image_keys.is_image(key)
	}
}

test_keys_of_many_images if {
	image_keys.is_images("images")
	image_keys.is_images("sidecarImages")
	not image_keys.is_images("image")
	not image_keys.is_images(0)
}

test_what_holds_an_image if {
	every path in [["image"], ["a", "webImage"], ["images", "web"], ["images", 0]] {
		image_keys.holds_image(path)
	}
	every path in [[], ["images"], ["web"], ["images", "web", "resources"]] {
		not image_keys.holds_image(path)
	}
}

test_what_chooses_an_image if {
	every case in [
		[[], "image", "nginx"],
		[[], "image", 5],
		[["image"], 0, "nginx"],
		[["images"], "web", "a/b"],
		[["images"], 0, "a:1"],
		[["image"], "[0]", "nginx"],
	] {
		image_keys.chooses(case[0], case[1], case[2])
	}
}

test_what_chooses_none if {
	every case in [
		[[], "image", ""],
		[[], "image", null],
		[[], "useImage", true],
		[[], "image", {"tag": "1"}],
		[["image"], "repository", "a/b"],
		[["images"], "registry", "a.io/b"],
		[["images"], "pullPolicy", "Always"],
		[["images"], "web", {}],
		[["image"], "[0]x", "nginx"],
		[["logo"], "image", "https://example.com/logo.png"],
		[["images"], "web", "http://example.com/web.png"],
	] {
		not image_keys.chooses(case[0], case[1], case[2])
	}
}

test_where_a_digest_may_stand if {
	image_keys.digests("image") == ["digest", "imageDigest"]
	image_keys.digests("webImage") == ["webImageDigest"]
	image_keys.digests(0) == []
}

test_what_is_told_to_others if {
	every path in [["annotations"], ["podLabels"], ["web", "env"], ["service", "podAnnotations", "x"]] {
		image_keys.is_told(path)
	}
	every path in [[], ["environment"], ["web", 0], ["extraEnv"]] {
		not image_keys.is_told(path)
	}
}
