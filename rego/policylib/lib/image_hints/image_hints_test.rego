package policylib.lib.image_hints_test

import rego.v1

import data.policylib.lib.image_hints

test_names if {
	every name, hint in {
		"RELATED_IMAGE_PROXY": "sure", "related_image_proxy": "sure", "MY_RELATED_IMAGE_X": "sure", "relatedImageProxy": "sure",
		"IMAGE": "likely", "SIDECAR_IMAGE": "likely", "sidecarImage": "likely", "sidecar-image": "likely", "SIDECARIMAGE": "likely",
		"IMAGES": "likely", "PROXY_IMAGE_2": "likely", "IMAGE1": "likely", "IMAGE_REF": "likely", "base.image": "likely",
		"RELATED_IMAGE": "likely", "OPERAND_IMAGE_REFERENCE": "likely",
		"IMAGE_PROXY": "possible", "PROXY_IMAGE_NAME": "possible", "image-url": "possible", "IMAGES_CACHE": "possible",
		"BACKGROUND_IMAGE": "not", "vmImage": "not", "heroImages": "not", "OSIMAGE": "not",
		"IMAGE_PULL_POLICY": "not", "IMAGE_FORMAT": "not", "image-type": "not", "IMAGE_PULL_SECRETS": "not", "IMAGE_TAG": "not",
		"IMAGE_ID": "not", "IMAGEMAGICK_HOME": "not", "PATH": "not", "IMAGINE": "not", "": "not",
	} {
		image_hints.hint(name) == hint
	}
}

test_pictures if {
	every what in [
		"AMI", "AVATAR", "BACKGROUND", "BANNER", "BOOT", "COVER", "DISK", "HERO", "ICON", "LOGO", "MACHINE", "OS", "PROFILE", "SPLASH",
		"THUMBNAIL", "VM",
	] {
		image_hints.hint(concat("_", [what, "IMAGE"])) == "not"
	}
}

test_what_is_said_of_images if {
	every what in [
		"ACCEPT", "ADDR", "ADDRESS", "BUCKET", "DIGEST", "DIR", "DIRECTORY", "ENDPOINT", "FOLDER", "FORMAT", "FORMATS", "HOST", "HOSTS",
		"ID", "KEY", "LABEL", "LABELS", "MIME", "MODEL", "PATH", "PATHS", "POLICY", "PREFIX", "RATIO", "REGISTRY", "REPO", "REPOSITORY",
		"ROOT", "SECRET", "SECRETS", "TAG", "TYPE", "TYPES", "VERSION",
	] {
		image_hints.hint(concat("_", ["IMAGE", what])) == "not"
	}
}

test_values_of_sure_names if {
	every value in ["nginx", "/x", "true", 5, " ", ["nginx"], "a,b"] {
		image_hints.named("sure", value) == {value}
	}
	every value in ["", null] {
		image_hints.named("sure", value) == set()
	}
}

test_values_of_likely_names if {
	every case in [
		["nginx", {"nginx"}],
		["a:1,b:2", {"a:1", "b:2"}],
		["3.7=a/b:1\n3.8=a/b:2", {"a/b:1", "a/b:2"}],
		["a ; b", {"a", "b"}],
		["docker://a", {"docker://a"}],
		["oci://a", {"oci://a"}],
		["org/logo.png", {"org/logo.png"}],
		["a@x", {"a@x"}],
	] {
		image_hints.named("likely", case[0]) == case[1]
	}
	every value in [
		"", " ", null, 5, true, ["a"], "https://x.io/a.png", "s3://a/b", "/var/a", "./a", "../a", "~/a", "1.5", "True", "none", "auto",
		"logo.PNG", "disk.qcow2", "photo.jpeg", "default", "disabled", "Enabled", "false", "no", "null", "off", "on", "yes",
	] {
		image_hints.named("likely", value) == set()
	}
}

test_values_of_possible_names if {
	every value in ["a/b", "nginx:1", "a@sha256:x", "x.io:5000/a", "nginx:16"] {
		image_hints.named("possible", value) == {value}
	}
	every value in ["nginx", "Always", "", 5, "thumbor:8000", "https://x.io/a", "/a/b"] {
		image_hints.named("possible", value) == set()
	}
}

test_values_of_other_names if {
	every value in ["nginx:1", null, 5] {
		image_hints.named("not", value) == set()
	}
}
