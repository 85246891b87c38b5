package policylib.lib.block_origins_test

import rego.v1

import data.policylib.lib.block_origins

keys := {"registry": "registry", "repository": "repository", "tag": "tag", "digest": "digest"}

found(x, registry) := {[origin.key, origin.image, origin.of] | some origin in block_origins.of_block(x, keys, registry)}

test_a_block if {
	every case in [
		[{"repository": "a", "tag": "1", "digest": "x"}, "", {["repository", "a", "image"]}],
		[{"repository": "a"}, "x.io/", {["repository", "x.io/a", "image"]}],
		[{"repository": "y.io/a"}, "x.io", {["repository", "y.io/a", "image"]}],
		[{"repository": "a", "registry": "y.io"}, "x.io", {["repository", "y.io/a", "image"]}],
		[{"repository": "y.io/a", "registry": "z.io"}, "", {["repository", "y.io/a", "image"], ["repository", "z.io/y.io/a", "image"]}],
		[{"repository": 5, "registry": "z.io"}, "", {["repository", "z.io/?", "image"]}],
		[{"registry": "y.io"}, "x.io", {["registry", "y.io", "registry"]}],
		[{"repository": "a@sha256", "tag": "x", "digest": "y"}, "", {["repository", "a@sha256:x@y", "image"]}],
		[{"tag": "1"}, "x.io", set()],
	] {
		found(case[0], case[1]) == case[2]
	}
}

test_names if {
	block_origins.names("", "a") == {"a"}
	block_origins.names("x.io", 5) == {5}
	block_origins.names("x.io/", "a") == {"x.io/a"}
	block_origins.names("x.io", "y.io/a") == {"y.io/a", "x.io/y.io/a"}
}
