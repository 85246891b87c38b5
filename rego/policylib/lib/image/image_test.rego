package policylib.lib.image_test

import rego.v1

import data.policylib.lib.image

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

at_digest(name) := concat("@", [name, digest])

test_no_fault if image.fault(at_digest("repo:tag")) == ""

test_says_why if {
	every case in [
		[null, "is missing"],
		[5, "is not text"],
		[{}, "is not text"],
		["", "is empty"],
		[" \n", "is empty"],
		["$(X)", "holds an unresolved template or variable"],
		["{{ x }}", "holds an unresolved template or variable"],
		[at_digest("${X}"), "holds an unresolved template or variable"],
		[concat("", [at_digest("x"), "\n"]), "holds a character that no image reference may hold"],
		[at_digest("\u0430pp"), "holds a character that no image reference may hold"],
		[at_digest("docker://x"), "is a URL, not an image reference"],
		["nginx:latest", "has no digest"],
		[at_digest(at_digest("x")), "holds more than one @"],
		[at_digest("X"), "is not a valid image reference"],
		["x@md5:0", "has a digest whose algorithm is not allowed (allowed: sha256)"],
		["x@sha256:0", "has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected"],
		["x@", "has a malformed digest: sha256: and 64 lower-case hexadecimal digits are expected"],
	] {
		image.fault(case[0]) == case[1]
	}
}

test_names_the_image_or_the_place if {
	image.message("nginx", "has no digest", "/spec") == `image "nginx" has no digest`
	image.message(null, "is missing", "/spec/image") == "/spec/image is missing"
	image.message(" ", "is empty", "/spec/image") == "/spec/image is empty"
}

test_shows_one_printable_line if {
	image.shown("a\nb\u0000\u001b[31m\u200b\u2028é") == "a?b??[31m???"
	count(image.shown(concat("", [digest | some _ in numbers.range(1, 9)]))) == 300
}

test_names_texts_only if {
	image.named("nginx") == "nginx"
	image.named(5) == ""
}
