package policylib.lib.blocks_test

import rego.v1

import data.policylib.lib.blocks

encoded := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

digest := concat("", ["sha256:", encoded])

tag_with_digest := concat("@", ["1.2", digest])

faults(block) := {[fault.key, fault.image] | some fault in blocks.nested_faults(block)}

test_pinned if {
	every block in [
		{"repository": "a/b", "digest": digest},
		{"registry": "x.io", "repository": "a/b", "tag": "1", "digest": digest},
		{"registry": "x.io/", "repository": "a", "digest": digest},
		{"registry": "", "repository": "a", "tag": null, "digest": digest},
		{"repository": "a", "tag": tag_with_digest},
		{"repository": concat("@", ["a", digest])},
		{"repository": "a@sha256", "tag": encoded},
		{"repository": "a", "tag": 1.1, "digest": digest},
		{"name": "a", "tag": "1", "digest": digest},
		{"repository": "a", "tag": "1", "sha": encoded},
		{"repository": "a", "tag": "1", "sha": digest},
		{"repository": "a", "tag": "1", "sha256": encoded},
		{"digest": digest},
		{"tag": tag_with_digest},
	] {
		faults(block) == set()
	}
}

test_nothing_chosen if {
	every block in [{}, {"digest": ""}, {"tag": null}, {"registry": "x.io", "pullPolicy": "Always"}, {"repository": " "}] {
		faults(block) == set()
	}
}

test_not_pinned if {
	every case in [
		[{"repository": "a"}, "repository", "a"],
		[{"name": "a"}, "name", "a"],
		[{"tag": "1"}, "tag", ""],
		[{"repository": "a", "tag": "1"}, "tag", "a:1"],
		[{"repository": "a", "tag": 1.1}, "tag", "a"],
		[{"tag": 1.1}, "tag", ""],
		[{"repository": "a", "tag": ["1"]}, "tag", "a:?"],
		[{"repository": "a", "tag": "1", "digest": ""}, "tag", "a:1"],
		[{"repository": "a", "digest": 5}, "digest", "a@?"],
		[{"repository": ["a"], "digest": digest}, "digest", concat("@", ["?", digest])],
		[{"repository": "a", "digest": "sha256:abc"}, "digest", "a@sha256:abc"],
		[{"repository": "a", "sha": "abc"}, "sha", "a@sha256:abc"],
		[{"repository": "a", "tag": "1", "digest": "sha256:abc"}, "digest", "a:1@sha256:abc"],
		[{"repository": "-a", "digest": digest}, "digest", concat("@", ["-a", digest])],
		[{"digest": "sha256:abc"}, "digest", "@sha256:abc"],
		[{"registry": "https://x.io", "repository": "a", "digest": digest}, "digest", concat("@", ["https://x.io/a", digest])],
	] {
		faults(case[0]) == {[case[1], case[2]]}
	}
}

test_flat_keys if {
	flat := {"imageRegistry": "x.io", "imageRepository": "a", "imageTag": "1"}
	{fault.key | some fault in blocks.flat_faults(flat)} == {"imageTag"}
	pinned := object.union(flat, {"imageDigest": digest})
	blocks.flat_faults(pinned) == set()
}

test_says_what_a_tag_lacks if {
	every case in [
		[{"tag": "1"}, "is a tag without a digest, and no repository is given here"],
		[
			{"repository": "a", "tag": 1, "digest": "sha256:abc"},
			"has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected",
		],
		[{"tag": 1}, "has a number for a tag, and no digest: put the tag in quotes, and give a digest"],
		[{"repository": "a", "tag": "1"}, "has no digest"],
	] {
		{fault.why | some fault in blocks.nested_faults(case[0])} == {case[1]}
	}
}

test_what_comes_to_something if {
	every block in [{"repository": "a"}, {"tag": "1"}, {"tag": 1}, {"webImageTag": "1"}, {"imageDigest": "x"}] {
		blocks.chooses(block)
	}
	every block in [{}, {"tag": ""}, {"webImageTag": ""}, {"pullPolicy": "Always"}] {
		not blocks.chooses(block)
	}
}

test_an_image_in_parts_or_whole if {
	blocks.whole({"repository": "a", "tag": "1"}) == "a:1"
	every x in ["a", 5, null, [], {}, {"tag": "1"}, {"digest": "d"}, {"pullPolicy": "Always"}] {
		blocks.whole(x) == x
	}
}
