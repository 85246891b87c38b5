package policylib.lib.block_keys_test

import rego.v1

import data.policylib.lib.block_keys

usual := {"registry": "registry", "repository": "repository", "tag": "tag", "digest": "digest"}

test_an_object_of_its_own if {
	every case in [
		[{}, {}],
		[{"repository": "a", "name": "b"}, {}],
		[{"name": "a"}, {"repository": "name"}],
		[{"repository": "", "repo": "a"}, {"repository": "repo"}],
		[{"version": "1", "sha": "x"}, {"tag": "version", "digest": "sha"}],
		[{"sha256": "x"}, {"digest": "sha256"}],
		[
			{"Registry": "a", "Repository": "b", "Tag": "c", "Digest": "d"},
			{"registry": "Registry", "repository": "Repository", "tag": "Tag", "digest": "Digest"},
		],
		[{"tag": "1", "Tag": "2"}, {}],
		[{"digest": "x", "useDigest": false}, {"digest": ""}],
		[{"digest": "x", "useDigest": true}, {}],
	] {
		block_keys.nested(case[0]) == object.union(usual, case[1])
	}
}

test_a_digest_for_each_cloud if {
	digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	every case in [
		[{"genericDigest": digest}, "genericDigest"],
		[{"genericDigest": digest, "useDigest": true}, "genericDigest"],
		[{"awsDigest": digest, "genericDigest": "sha256:abc"}, "genericDigest"],
		[{"awsDigest": "", "genericDigest": digest}, "awsDigest"],
		[{"awsDigest": digest, "digest": "sha256:abc"}, "digest"],
		[{"awsDigest": digest, "useDigest": false}, ""],
		[{"imageDigest": digest}, "digest"],
		[{"webImageDigest": digest}, "digest"],
		[{1: digest}, "digest"],
	] {
		block_keys.nested(case[0]).digest == case[1]
	}
}

web := {"registry": "webimageregistry", "repository": "webimagerepository", "tag": "webimagetag", "digest": "webimagedigest"}

test_all_in_one_object if {
	every case in [
		[{"webImageTag": "1"}, {"tag": "webImageTag"}],
		[{"web_image_tag": "1", "web_image_repository": "a"}, {"tag": "web_image_tag", "repository": "web_image_repository"}],
		[{"webImageDigest": "x", "webImageName": "a", "webImageRegistry": "b"}, {
			"digest": "webImageDigest",
			"repository": "webImageName",
			"registry": "webImageRegistry",
		}],
		[{"web-image-tag": "1"}, {"tag": "web-image-tag"}],
		[{"webImageTag": ""}, {}],
		[{"webImageTag": true}, {"tag": "webImageTag"}],
	] {
		block_keys.flat(case[0]) == {object.union(web, case[1])}
	}
	count(block_keys.flat({"imageTag": "1", "webImageTag": "2"})) == 2
	{keys.tag | some keys in block_keys.flat({"useImageTag": "1"})} == {"useImageTag"}
	every x in [
		null, "x", [], {}, {"IMAGE_TAG": "1"}, {"useImageTag": true}, {"verify_image_digest": false}, {"tag": "1"}, {"imageTags": "1"},
		{"imageName": "a"}, {1: "imageTag"},
	] {
		block_keys.flat(x) == set()
	}
}
