package policylib.lib.image_texts_test

import rego.v1

import data.policylib.lib.image_texts

test_what_chooses_an_image if {
	every case in [
		[[], "image", "nginx"],
		[[], "image", 5],
		[["image"], 0, "nginx"],
		[["images"], "web", "a/b"],
		[["images"], 0, "a:1"],
		[["image"], "[0]", "nginx"],
		[["image"], "override", "nginx"],
		[["image"], "ref", "nginx"],
		[["image"], "uri", "nginx"],
		[["image"], "web", "x.io/a:1"],
		[["image"], "web", "a/b@x"],
		[["images", "web"], "reference", "nginx"],
		[["web"], "imageName", "x/nginx"],
		[[], "image_url", "nginx:1"],
		[[], "imageRef", "{{ .x }}/y"],
	] {
		image_texts.chooses(case[0], case[1], case[2])
	}
}

test_what_chooses_none if {
	every case in [
		[[], "image", ""],
		[[], "port", 5],
		[[], "image", null],
		[[], "useImage", true],
		[[], "image", {"tag": "1"}],
		[["image"], "repository", "a/b"],
		[["images"], "registry", "a.io/b"],
		[["images"], "pullPolicy", "Always"],
		[["images"], "web", {}],
		[["image"], "[0]x", "nginx"],
		[["git"], "ref", "v1:2"],
		[[], "imagePath", "a/b"],
		[["image"], "repository", "a/b:1"],
		[["image"], "Tag", "a/b:1"],
		[["image"], "entrypoint", "/bin/a:b"],
		[["image"], "title", "a: b/c"],
		[["image"], "path", "a/b"],
		[["git"], "web", "x.io/a:1"],
		[[], "imageName", "nginx"],
		[[], "imageUrl", "https://example.com/a"],
		[[], "imageUrl", "/a/b"],
		[[], "imageUrl", "static/a.png"],
		[[], "imageName", "a b:c"],
		[[], 0, "a/b"],
		[["logo"], "image", "https://example.com/logo.png"],
		[["images"], "web", "http://example.com/web.png"],
	] {
		not image_texts.chooses(case[0], case[1], case[2])
	}
}

test_parts_of_an_image if {
	every key in ["digest", "name", "registry", "repo", "repository", "sha", "sha256", "tag", "version"] {
		not image_texts.chooses(["image"], key, "x.io/a:1")
	}
}

test_where_a_digest_may_stand if {
	image_texts.digests("image") == ["digest", "imageDigest"]
	image_texts.digests("webImage") == ["webImageDigest"]
	image_texts.digests("webImageName") == ["webImageDigest"]
	image_texts.digests(0) == []
}

test_other_words_behind_image_make_no_reference if {
	every key in ["imageCredentials", "imagePath", "imagePullSecret"] {
		not image_texts.is_reference([], key, "x.io/a:b")
	}
}
