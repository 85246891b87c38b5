package policylib.lib.values_test

import rego.v1

import data.policylib.lib.values

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

pinned := concat("@", ["a:1", digest])

paths(tree) := {fault.path | some fault in values.in_tree("/values", tree)}

test_pinned_or_nothing_chosen if {
	every tree in [
		null, {},
		{"image": pinned}, {"image": ""}, {"image": null}, {"image": true}, {"image": {}},
		{"image": pinned, "digest": digest}, {"web": {"repository": "a"}},
		{"image": "a:1", "digest": digest}, {"image": "a", "imageDigest": digest},
		{"image": {"image": "a", "tag": concat("@", ["1", digest])}},
		{"webImage": "a:1", "webImageDigest": digest},
		{"global": {"imageRegistry": "x.io"}}, {"imagePullSecrets": [{"name": "x"}]},
		{"web": {"repository": "a", "tag": "1", "digest": digest}},
		{"source": {"repository": "git@example.com:a/b.git", "tag": "1"}},
		{"source": {"repository": "github.com/a/b.git", "tag": "1"}}, {"source": {"repository": "example.com:a/b.git", "tag": "1"}},
		{"image": {"web": {"tag": "1", "digest": digest}, "pull": {"policy": "Always"}, "probe": {"name": "http"}}},
		{"images": {"web": pinned, "registry": "x.io/y"}},
		{"imageRepository": "a", "imageDigest": digest},
		{"git": {"repository": "https://example.com/a/b", "tag": "1"}},
		{"logo": {"image": "https://example.com/x.png"}, "osImage": "Flatcar", "podAnnotations": {"image": "x"}},
		{"env": {"image": "x"}, "image": {"repository": "https://example.com/a/b", "tag": "1"}},
		{"image": {"digest": ""}}, {"image": {"web": [{"port": 80}]}},
		{"image": {"name": "https://example.com/x.png", "tag": "1"}}, {"image": {"repo": "https://example.com/x", "tag": "1"}},
		{"chart": {"repository": "https://charts.example.com", "version": "1"}},
	] {
		paths(tree) == set()
	}
}

test_unpinned if {
	every case in [
		[{"image": "a:1"}, "/values/image"],
		[{"image": 5}, "/values/image"],
		[{"image": "a", "digest": "sha256:abc"}, "/values/image"],
		[{"webImage": "a:1", "digest": digest}, "/values/webImage"],
		[{"sub": {"image": {"repository": "a", "tag": "1"}}}, "/values/sub/image/tag"],
		[{"extraContainers": [{"name": "x", "image": "a"}]}, "/values/extraContainers/0/image"],
		[{"a/b": {"image": "a"}}, "/values/a~1b/image"],
		[{"image": ["a:1"]}, "/values/image/0"],
		[{"images": ["a:1"]}, "/values/images/0"],
		[{"images": {"web": "x.io/a"}}, "/values/images/web"],
		[{"images": {"web": {"tag": "1"}}}, "/values/images/web/tag"],
		[{"image": {"web": {"tag": "1"}}}, "/values/image/web/tag"],
		[{"image": {"web": "x.io/a:1"}}, "/values/image/web"],
		[{"web": {"repository": "x.io/a.git", "tag": "1"}}, "/values/web/tag"],
		[{"web": {"repository": "x.io:5000/a.git", "tag": "1"}}, "/values/web/tag"],
		[{"web": {"repository": "a", "tag": ""}}, "/values/web/repository"],
		[{"imageTag": "1"}, "/values/imageTag"],
		[{"image": {"web": {"digest": "sha256:abc"}}}, "/values/image/web/digest"],
		[{"web": {"repository": "a", "digest": "sha256:abc"}}, "/values/web/digest"],
		[{"web": {"repository": "a", "sha": "abc"}}, "/values/web/sha"],
		[{"web": {"repository": "a", "sha256": "abc"}}, "/values/web/sha256"],
	] {
		paths(case[0]) == {case[1]}
	}
}

test_values_are_an_object if {
	every tree in ["text", 5, ["image"]] {
		values.in_tree("/values", tree) == {{"path": "/values", "image": "", "why": "is not an object"}}
	}
}

test_an_override_clears_no_digest if {
	{fault.path | some fault in values.in_override("/values", {"image": {"digest": ""}, "web": {"image": "a"}})} == {
		"/values/image/digest",
		"/values/web/image",
	}
}

test_a_tag_may_hold_the_digest_of_the_image_beside_it if {
	every tree in [
		{"image": "a", "tag": "1@sha256:abc"}, {"image": "a:1", "tag": concat("@", ["1", digest])},
		{"webImage": "a", "tag": concat("@", ["1", digest])}, {"image": "a", "tag": "1"}, {"image": 5, "tag": concat("@", ["1", digest])},
	] {
		count(values.in_tree("", tree)) == 1
	}
}

test_a_text_without_a_digest_says_so if {
	every tree in [{"image": "a"}, {"image": "a", "digest": ""}] {
		{fault.why | some fault in values.in_tree("", tree)} == {"has no digest"}
	}
}

test_a_fault_names_the_image if {
	{fault.image | some fault in values.in_tree("", {"web": {"image": "a:1"}})} == {"a:1"}
}

test_how_to_pull_makes_an_image if {
	paths({"web": {"repository": "a", "pullPolicy": "Always"}}) == {"/values/web/repository"}
}
