package policylib.lib.image_keys_test

import rego.v1

import data.policylib.lib.image_keys

test_keys_of_one_image if {
	every key in ["image", "sidecarImage", "sidecar_image", "sidecar-image", "IMAGE"] {
		image_keys.is_image(key)
	}
	every key in ["images", "imageTag", "imagePullPolicy", "imagePullSecrets", "imageRegistry", "", 0] {
		not image_keys.is_image(key)
	}
}

test_pictures if {
	every key in [
		"backgroundImage", "coverImage", "disk_image", "hero_image", "logoImage", "machineImage", "osImage", "vmImage",
	] {
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

test_what_is_told_to_others if {
	every path in [["annotations"], ["podLabels"], ["web", "env"], ["Env", 0], ["env", "[0]"], ["service", "podAnnotations", "x"]] {
		image_keys.is_told(path)
	}
	every path in [[], ["environment"], ["web", 0], ["extraEnv"], ["env", "prod", "image"], ["env", "prod"]] {
		not image_keys.is_told(path)
	}
}

test_what_goes_before_names if {
	every key in ["registry", "imageRepository", "prefix", "baseUrl"] {
		image_keys.is_prefix(key)
	}
	not image_keys.is_prefix("web")
	not image_keys.is_prefix(0)
}

test_places_in_lists if {
	image_keys.is_index(0)
	image_keys.is_index("[12]")
	every key in ["0", "[0]x", "x[0]", null] {
		not image_keys.is_index(key)
	}
}
