package policylib.lib.source_urls_test

import rego.v1

import data.policylib.lib.source_urls

test_repositories if {
	every x in [
		"https://github.com/org/app", "https://github.com/org/app.git", "git+https://github.com/org/app",
		"git+https://github.com/org/app.git",
	] {
		source_urls.repository(x) == "https://github.com/org/app"
	}
	every x in ["https://git.example:8443/a/b/c", "https://github.com/org/.github", "https://x/a~b_c-d.e", "https://github.com/org/..."] {
		source_urls.repository(x) == x
	}
}

test_what_is_no_repository if {
	every x in [
		null, 5, ["https://github.com/org/app"], "", "app", "github.com/org/app", "http://github.com/org/app",
		"HTTPS://github.com/org/app",
		"git@github.com:org/app", "ssh://git@github.com/org/app", "git+ssh://github.com/org/app", "https://github.com",
		"https://github.com/",
		"https://github.com/org/", "https://github.com//app", "https://github.com/org/../evil/app",
		"https://github.com/./org", "https://user@github.com/org/app",
		"https://github.com@evil.example/org/app", "https://user:pw@github.com/org/app",
		"https://github.com/org/app@refs/heads/main",
		"https://github.com/org/app?x", "https://github.com/org/app#x", "https://github.com/org/%2e%2e/app",
		`https://github.com\@evil.example/org`,
		"https://github.com/org/app ", " https://github.com/org/app", "https://github.com/org/app\n",
		"https://GitHub.com/org/app",
		"https://github.cоm/org/app", "https://github.com:/org/app", "https://.github.com/org/app",
		"git+git+https://github.com/org/app", "https:///org/app",
	] {
		source_urls.repository(x) == ""
	}
}

test_entries if {
	below := ["https://github.com/org/"]
	every x in ["https://github.com/org/app", "git+https://github.com/org/app.git", "https://github.com/org/group/app"] {
		source_urls.is_expected(below, x)
	}
	every x in [
		"https://github.com/org", "https://github.com/organisation/app", "https://github.com/Org/app",
		"https://github.com/org/../evil",
		"https://gitlab.com/org/app", "",
	] {
		not source_urls.is_expected(below, x)
	}
	every entry in ["https://github.com/org/app", "git+https://github.com/org/app.git"] {
		source_urls.is_expected(["", entry], "https://github.com/org/app")
		every x in ["https://github.com/org/app2", "https://github.com/org/app/more", "https://github.com/org"] {
			not source_urls.is_expected([entry], x)
		}
	}
	source_urls.is_expected(["https://git.example/"], "https://git.example/a")
	source_urls.is_expected(["git+https://git.example/a/"], "https://git.example/a/b")
}

test_malformed_entries_permit_nothing if {
	every entry in [
		null, 5, {}, ["https://github.com/org/"], "", "/", "https://", "https:/", "https://*/", "*",
		"https://github.com/org*", "http://github.com/org/",
		"https://github.com/org//", "https://github.com/x/../org/", "github.com/org/", "https://user@github.com/org/",
		"https://github.com/org/\n", "to https://github.com/org/",
	] {
		not source_urls.is_expected([entry], "https://github.com/org/app")
		not source_urls.is_expected([entry], "")
		not source_urls.is_expected([entry], "nothing")
		source_urls.folder(entry) == ""
	}
	not source_urls.is_expected([], "https://github.com/org/app")
}
