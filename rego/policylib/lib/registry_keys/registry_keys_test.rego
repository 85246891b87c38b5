package policylib.lib.registry_keys_test

import rego.v1

import data.policylib.lib.registry_keys

test_where_the_registry_of_a_text_may_stand if {
	registry_keys.beside("image") == ["registry", "imageRegistry"]
	registry_keys.beside("webImage") == ["webImageRegistry"]
	registry_keys.beside(0) == []
}

test_what_names_a_registry if {
	every case in [
		[[], "imageRegistry"], [["a"], "default_image_registry"], [[], "container-registry"], [[], "dockerRegistry"],
		[["global"], "registry"], [["global"], "hub"], [["images"], "registry"], [["webImages"], "prefix"],
	] {
		registry_keys.is_registry(case[0], case[1])
	}
	every case in [
		[[], "registry"], [[], "hub"], [["global", "npm"], "registry"], [["images"], "web"], [[], "imageRegistrySecret"],
		[["global"], "storageClass"], [["images"], 0], [["imageRegistry"], 0], [[], 0],
	] {
		not registry_keys.is_registry(case[0], case[1])
	}
}
