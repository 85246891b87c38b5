package policylib.lib.runbooks_test

import rego.v1

import data.policylib.lib.runbooks

test_somewhere if {
	every runbook in [
		"https://wiki.example.com/runbooks/web", "https://wiki/runbooks/web", "https://wiki.example.com:8443/x?id=5&v=2#restart",
		"https://example.com/TODO-app/runbook", "https://127.example.com/x", "https://example.com/a%20b",
		"runbooks/web.md", "./runbooks/web.md", "docs/ops/web", "RUNBOOK.md", "runbooks/web.md#restart", ".github/runbooks/web.adoc",
		"todo-app/runbook.md", "web.html", "a/b", "docs/C++.md", "docs/r&d/web(old).md", "docs/störung.md", "docs/v1..v2.md", "docs/@ops/web",
		"https://wiki.example.com/störung", "https://wiki.example.com/v1..v2", "https://wiki.example.com/?id=5", "https://wiki.example.com/#web",
		"https://10.1.2.3/x", "https://0ff.example.com/x", "https://127.example.com/x", "https://wiki.example.com/x?q=[web]|a",
		"https://localhost.example.com/x",
	] {
		runbooks.fault(runbook) == ""
	}
}

test_none if {
	every runbook in [null, "", " ", "\n", true, 5, ["runbooks/web.md"], {"url": "https://x/y"}] {
		runbooks.fault(runbook) == "has no runbook"
	}
}

test_still_to_be_written if {
	every runbook in [
		"TODO", "tbd", "n/a", "N/A", "none", "TBD.md", "runbooks/TODO.md", "docs/tbd",
		"https://wiki.example.com/TBD", "https://wiki.example.com/fixme.html#x", "a/xxx?x=1",
	] {
		runbooks.fault(runbook) == "has a runbook that is still to be written"
	}
}

test_nowhere if {
	every runbook in [
		"wiki", "-", "?", "na/", "TODO: write", "runbook", "ask platform", "/etc/runbook.md", "../runbook.md",
		"docs/../../x.md", "docs/..", "~/runbook.md", "C:/x.md",
		"docs\\runbook.md", "javascript:alert(1)", "data:text/html,x", "http://wiki.example.com/x", "ftp://wiki.example.com/x",
		"HTTPS://wiki.example.com/x", "https://", "https://wiki.example.com", "https://wiki.example.com/", "https:///x", "https://-x/y",
		"https://user:secret@wiki.example.com/x", "https://localhost/x", "https://localhost:8080/x", "https://127.0.0.1/x",
		"https://0.0.0.0/x", "https://0/x", "https://wiki.example.com/a b", "https://wiki.example.com/<service>", "https://wiki.example.com/../x",
		"https://wíki.example.com/x", " runbooks/web.md", "runbooks/web.md ", "runbooks//web.md", "runbooks/", "./runbook", "./", ".", "..md",
		"runbooks/web.md\nhttps://x/y", "https://LOCALHOST/x", "runbooks/web.md?x=1", "//wiki/x", "docs/.web.md", "file://docs/web.md",
		"mailto:x@example.com", "runbooks/web.md#a#b", "https://wiki.localhost/x", "https://2130706433/x", "https://0x7f.1/x", "https://127.1/x",
		"https://0177.0.0.1/x", "https://wiki.example.com//", "https://wiki.example.com/#", "https://wiki.example.com/?",
		"https://wiki.example.com/..", "https://a..b/x", "https://a-/x", "https://wiki.example.com/{service}",
		"docs/${name}.md", "docs/%NAME%.md", "docs/web\u200b.md",
		"https://wiki.example.com/\u200b", "docs/\u3000/x.md",
	] {
		runbooks.fault(runbook) == "has a runbook that is neither an https URL nor the path of a file"
	}
}
