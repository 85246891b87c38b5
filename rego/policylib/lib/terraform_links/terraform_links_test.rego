package policylib.lib.terraform_links_test

import rego.v1

import data.policylib.lib.terraform_links

attribute(name, value) := {"name": name, "path": ["x", 0, name], "value": value}

source(values, given) := {
	"address": "r.r",
	"attributes": [attribute(name, value) | some name, value in values],
	"given": given,
	"kept": {"from": {"bucket": "bucket"}, "must": {"server": "server"}, "to": {"rule.vault": "vault"}},
	"path": ["r"],
	"unknown": [],
	"values": {},
}

target(type, base, values) := {"address": concat("", [base, "[0]"]), "base": base, "type": type, "values": values}

meant(values, given, stores) := {[link.name, link.store.base] | some link in terraform_links.targets(source(values, given), stores)}

test_by_a_name if {
	every key in [
		"arn", "bucket", "cluster_identifier", "dataset_id", "global_cluster_identifier", "global_replication_group_id", "id", "identifier",
		"multi_region_cluster_name", "name", "replication_group_id",
	] {
		meant({"bucket": "b"}, set(), [target("bucket", "x.y", {key: "b"})]) == {["bucket", "x.y"]}
	}
	every value in ["bee", "arn:aws:s3:::bee", "/subscriptions/s/servers/bee"] {
		meant({"bucket": value}, set(), [target("bucket", "x.y", {"name": "bee"})]) == {["bucket", "x.y"]}
	}
	whole := "arn:aws:rds:eu-west-1:1:db/bee"
	meant({"bucket": whole}, set(), [target("bucket", "x.y", {"arn": whole})]) == {["bucket", "x.y"]}
	every value in ["", "c", "b/c", null, 5, ["b"]] {
		meant({"bucket": value}, set(), [target("bucket", "x.y", {"name": "b", "other": "c"})]) == set()
	}
	meant({"server": "s", "rule.vault": "v"}, set(), [target("server", "a", {"id": "s"}), target("vault", "b", {"id": "v"})]) == {
		["server", "a"], ["rule.vault", "b"],
	}
}

test_only_what_is_meant if {
	meant({"bucket": "b"}, set(), [target("server", "x.y", {"name": "b"})]) == set()
	meant({"other": "b"}, set(), [target("bucket", "x.y", {"name": "b"})]) == set()
	meant({"bucket": "b"}, set(), [object.union(target("bucket", "x.y", {"name": "b"}), {"address": "r.r"})]) == set()
}

refers(expressions, prefix) := {{"prefix": prefix, "expressions": expressions}}

test_by_a_reference if {
	direct := {"bucket": {"references": ["x.y.id", "x.y"]}}
	stores := [target("bucket", "x.y", {}), target("bucket", "x.yz", {}), target("bucket", "module.m.x.y", {})]
	meant({}, refers(direct, ""), stores) == {["bucket", "x.y"]}
	meant({}, refers(direct, "module.m."), stores) == {["bucket", "module.m.x.y"]}
	meant({}, refers({"bucket": {"references": ["module.m.out", "module.m"]}}, ""), stores) == {["bucket", "module.m.x.y"]}
	nested := {"rule": [{"vault": {"references": ["v.v"]}}]}
	meant({}, refers(nested, ""), [target("vault", "v.v", {})]) == {["rule.vault", "v.v"]}
	every odd in [{}, {"bucket": {"references": [5]}}, {"bucket": {"constant_value": "x.y"}}, {"other": {"references": ["x.y"]}}] {
		meant({}, refers(odd, ""), stores) == set()
	}
}

test_places_that_are_said if {
	arn := "arn:aws:backup:eu-west-1:1:vault:v"
	terraform_links.stated(source({"bucket": arn, "server": "s", "other": arn, "rule.vault": 5}, set())) == {{
		"path": "/r/x/0/bucket",
		"name": "bucket",
		"value": "eu-west-1",
	}}
	{place.name | some place in terraform_links.stated(source({"server": arn, "rule.vault": arn}, set()))} == {"server", "rule.vault"}
}

gaps(values, given, unknown, stores) := {[gap.path, gap.why] | some gap in terraform_links.gaps(store, found)} if {
	store := object.union(source(values, given), {"unknown": [{"name": name} | some name in unknown]})
	found := terraform_links.targets(store, stores)
}

server := target("server", "s.s", {"id": "s"})

test_where_data_goes_is_known if {
	gaps({"server": "s"}, set(), [], [server]) == set()
	gaps({"server": "arn:aws:rds:eu-west-1:1:db:x"}, set(), [], []) == set()
	gaps({"server": "s", "bucket": "b"}, set(), ["bucket"], [server]) == set()
	gaps({}, {{"prefix": "", "expressions": {"server": {"references": ["s.s"]}}}}, ["server"], [server]) == set()
}

lost(name) := [concat("", ["/r/x/0/", name]), sprintf("%s names what is not in the plan, and not where that is", [name])]

test_where_data_goes_is_not_known if {
	unnamed := ["/r", "what server refers to is known only after apply"]
	gaps({}, set(), [], [server]) == {unnamed}
	gaps({}, set(), ["server"], [server]) == {unnamed}
	gaps({"server": "s"}, set(), ["server"], [server]) == {unnamed}
	gaps({"server": "t"}, set(), [], [server]) == {lost("server")}
	gaps({"server": 5}, set(), [], [server]) == {lost("server")}
	gaps({"server": "s", "rule.vault": "v"}, set(), [], [server]) == {lost("rule.vault")}
	gaps({"server": "s", "rule.vault": "s"}, set(), [], [server]) == {lost("rule.vault")}
	gaps({"server": "s"}, set(), ["rule.vault"], [server]) == {["/r", "what rule.vault refers to is known only after apply"]}
	gaps({"server": "t"}, {{"prefix": "", "expressions": {"server": {"references": ["s.s"]}}}}, [], [server]) == {lost("server")}
	vault := {{"prefix": "", "expressions": {"rule": [{"vault": {"references": ["v.v"]}}]}}}
	gaps({}, vault, [], [target("vault", "v.v", {})]) == {unnamed}
}
