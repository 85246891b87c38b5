package policylib.tier.runbook_present_test

import rego.v1

import data.policylib.tier.runbook_present

holding(entry) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "ServiceCatalog",
	"services": {"web": entry},
}}}

violation(tier, at, why) := {
	"msg": sprintf("%s service \"web\" %s", [tier, why]),
	"details": {"path": concat("/", ["/services/web", at]), "service": "web", "tier": tier},
}

settings_of(key, value) := {"tier": {"gold": {key: value}}}

malformed(key) := {
	"msg": sprintf("gold service \"web\" cannot be judged, since the settings' tier.gold.%s is malformed", [key]),
	"details": {"path": "/services/web", "service": "web", "tier": "gold"},
}

test_what_is_no_catalog_passes if {
	every document in [null, "x", {}, {"apiVersion": "v1", "kind": "Service", "services": {"web": {}}}] {
		runbook_present.violation == set() with input as {"review": {"object": document}}
	}
}

test_somewhere if {
	every runbook in [
		"https://wiki.example.com/runbooks/web", "https://wiki/runbooks/web", "https://wiki.example.com:8443/x?id=5&v=2#restart",
		"https://example.com/TODO-app/runbook", "https://127.example.com/x", "https://example.com/a%20b",
		"runbooks/web.md", "./runbooks/web.md", "docs/ops/web", "RUNBOOK.md", "runbooks/web.md#restart", ".github/runbooks/web.adoc",
		"todo-app/runbook.md", "web.html", "a/b",
	] {
		runbook_present.violation == set() with input as holding({"tier": "gold", "runbook": runbook})
	}
}

test_none if {
	expected := {violation("gold", "runbook", "has no runbook")}
	every runbook in [null, "", " ", "\n", true, 5, ["runbooks/web.md"], {"url": "https://x/y"}] {
		runbook_present.violation == expected with input as holding({"tier": "gold", "runbook": runbook})
	}
	runbook_present.violation == {violation("bronze", "runbook", "has no runbook")} with input as holding({"tier": "bronze"})
}

test_still_to_be_written if {
	expected := {violation("gold", "runbook", "has a runbook that is still to be written")}
	every runbook in [
		"TODO", "tbd", "n/a", "N/A", "none", "TBD.md", "runbooks/TODO.md", "docs/tbd",
		"https://wiki.example.com/TBD", "https://wiki.example.com/fixme.html#x", "a/xxx?x=1",
	] {
		runbook_present.violation == expected with input as holding({"tier": "gold", "runbook": runbook})
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
		"mailto:x@example.com", "runbooks/web.md#a#b",
	] {
		count(runbook_present.violation) == 1 with input as holding({"tier": "gold", "runbook": runbook})
	}
	nowhere := {violation("gold", "runbook", "has a runbook that is neither an https URL nor the path of a file")}
	runbook_present.violation == nowhere with input as holding({"tier": "gold", "runbook": "wiki"})
}

test_where_none_is_demanded if {
	runbook_present.violation == set() with input as holding({"tier": "gold"}) with data.settings as settings_of("runbook", false)
}

test_malformed_settings if {
	runbook_present.violation == {malformed("runbook")} with input as holding({"tier": "gold"}) with data.settings as settings_of("runbook", 0)
}
