package policylib.lib.repository_test

import rego.v1

import data.policylib.lib.repository

encoded := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

test_one_spelling if {
	every case in [
		["nginx", "docker.io/library/nginx"],
		["nginx:1.27", "docker.io/library/nginx"],
		["a:a", "docker.io/library/a"],
		["a/b:a/b", ""],
		["org/app", "docker.io/org/app"],
		["docker.io/nginx", "docker.io/library/nginx"],
		["docker.io/org/app", "docker.io/org/app"],
		["index.docker.io/org/app", "docker.io/org/app"],
		["registry-1.docker.io/org/app", "docker.io/org/app"],
		["Index.Docker.io:443/org/app", "docker.io/org/app"],
		["GHCR.io/org/app:1", "ghcr.io/org/app"],
		["ghcr.io:443/org/app", "ghcr.io/org/app"],
		["ghcr.io:4430/org/app", "ghcr.io:4430/org/app"],
		["localhost/app", "localhost/app"],
		["localhosts/app", "docker.io/localhosts/app"],
		["localhost:5000/app:1", "localhost:5000/app"],
		["[::1]:5000/app:1", "[::1]:5000/app"],
		["a.b", "docker.io/library/a.b"],
		["a_b.c/d", "a_b.c/d"],
		["a_b/c.d", "docker.io/a_b/c.d"],
		["a..b/c", ""],
	] {
		repository.of(case[0]) == case[1]
	}
}

test_digests if {
	every digest in [concat(":", ["sha256", encoded]), concat("", ["sha512:", encoded, encoded])] {
		repository.of(concat("@", ["ghcr.io/org/app:1", digest])) == "ghcr.io/org/app"
	}
	every digest in ["", "sha256:abc", concat(":", ["md5", encoded]), concat("", ["sha256:", encoded, "@x"])] {
		repository.of(concat("@", ["ghcr.io/org/app:1", digest])) == ""
	}
}

test_lengths if {
	letters := concat("", ["a" | some _ in numbers.range(1, 128)])
	long := concat("", ["ghcr.io/", letters, substring(letters, 0, 119)])
	repository.of(long) == long
	repository.of(concat("", [long, ":1"])) == long
	repository.of(concat("", [long, "a"])) == ""
	hubs := concat("", [letters, "/", substring(letters, 0, 126)])
	repository.of(hubs) == concat("/", ["docker.io", hubs])
	repository.of(concat("", [hubs, "a"])) == ""
	repository.of(concat(":", ["ghcr.io/org/app", letters])) == "ghcr.io/org/app"
	repository.of(concat("", ["ghcr.io/org/app:a", letters])) == ""
}

test_places_in_the_one_spelling if {
	letters := concat("", ["a" | some _ in numbers.range(1, 243)])
	long := concat("", ["ghcr.io/", letters, "/"])
	longer := concat("", ["ghcr.io/a", letters, "/"])
	every x in [
		"ghcr.io/", "ghcr.io/org/", "ghcr.io/org/app", "my-registry.example.com/a.b/c--d/e__f", "localhost:5000/",
		"[::1]:5000/a", long,
	] {
		repository.is_spelled(x)
	}
	repository.below(longer) == ""
	every x in [
		null, 5, [], "", "/", "org/app", "ghcr.io", "GHCR.io/org/", "ghcr.io:443/org/", "docker.io/nginx", "docker.io/", "ghcr.io//",
		"-a.io/b", "a-.io/b", "a..io/b", "ghcr.io/org/app:1", "ghcr.io/Org/", "ghcr.io/org/\n", "ghcr.io/../x", "ghcr.io./x", ".io/x", longer,
	] {
		not repository.is_spelled(x)
	}
}

test_what_is_no_reference if {
	every x in [
		null, 5, [], {}, "", " ", "/", "Org/app", "a//b", "a/../b", "../a", "a/./b", "user:pass@ghcr.io/org/app", "user@ghcr.io/org/app",
		"https://ghcr.io/org/app", "ghcr.io./org/app", "ghcr.io/org/app ", "ghcr.io/org/app\n", "ghcr.io\\@evil.io/x",
		"ghcr.io/org/app?x", "ghcr.io/org/app#x", "ghcr.io%2forg/app", "ghcr.io/", "$(X)", "{{ x }}", "*",
	] {
		repository.of(x) == ""
	}
}

test_below if {
	every case in [
		["ghcr.io/", "ghcr.io/"],
		["ghcr.io", "ghcr.io/"],
		["GHCR.io:443/org/", "ghcr.io/org/"],
		["docker.io/", "docker.io/"],
		["org/", "docker.io/org/"],
		["library/", "docker.io/library/"],
		["localhost:5000", "localhost:5000/"],
	] {
		repository.below(case[0]) == case[1]
	}
	every x in [null, 5, "", "/", "*", "*/", "ghcr.io//", "https://ghcr.io/", "ghcr.io/org:1/", "ghcr.io/Org/", "user@ghcr.io/", " ghcr.io/"] {
		repository.below(x) == ""
	}
}

test_hosts if {
	every x in ["ghcr.io/a", "localhost/a", "a:5000/b"] {
		repository.has_host(x)
	}
	every x in ["a", "a.b", "org/app", "a:1"] {
		not repository.has_host(x)
	}
}
