package policylib.decision_test

import rego.v1

import data.policylib.decision

pod(image) := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {"containers": [{"name": "app", "image": image}]},
}

of(document) := {"review": {"object": document}}

levels(violations) := {v.enforcement | some v in violations}

test_a_violation_is_stamped if {
	expected := {
		"rule": "digest.image_pinned",
		"msg": `image "nginx" has no digest`,
		"path": "/spec/containers/0/image",
		"details": {"path": "/spec/containers/0/image", "image": "nginx"},
		"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web"},
		"enforcement": "deny",
	}
	decision.violations == {expected} with input as of(pod("nginx"))
}

test_lists_are_taken_apart if {
	list := {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "PodList", "items": [pod("nginx")]}]}
	violations := decision.violations with input as of(list)
	{v.path | some v in violations} == {"/items/0/items/0/spec/containers/0/image"}
	{v.resource.name | some v in violations} == {"web"}
}

test_never_undefined if {
	every x in [null, {}, "x", 5, {"review": null}, {"review": {"object": null}}] {
		count(decision.violations) == 1 with input as x
	}
	decision.violations == set() with input as of({})
}

test_a_resource_without_metadata_has_empty_names if {
	violations := decision.violations with input as of({"kind": "Pod", "metadata": [], "spec": null})
	{v.resource | some v in violations} == {{"apiVersion": "", "kind": "Pod", "namespace": "", "name": ""}}
}

test_enforcement if {
	every case in [
		[{}, {"deny"}],
		[{"environment": "dev"}, {"deny"}],
		[{"environment": "dev", "enforcement": {"dev": {"digest": "warn"}}}, {"warn"}],
		[{"environment": "dev", "enforcement": {"dev": {"digest": "warn", "digest.image_pinned": "log"}}}, {"log"}],
		[{"environment": "dev", "enforcement": {"dev": {"digest": "off"}}}, set()],
		[{"environment": "dev", "enforcement": {"dev": {"digest.image_pinned": "off"}}}, set()],
		[{"environment": "dev", "enforcement": {"dev": {"digest": "off", "digest.image_pinned": "log"}}}, {"log"}],
		[{"environment": "prod", "enforcement": {"dev": {"digest": "off"}}}, {"deny"}],
		[{"enforcement": {"dev": {"digest": "off"}, "": {"digest": "off"}}}, {"deny"}],
		[{"environment": "", "enforcement": {"": {"digest": "off"}}}, {"deny"}],
		[{"environment": "dev", "enforcement": {"dev": {"digest": "Off"}}}, {"deny"}],
		[{"environment": "dev", "enforcement": {"dev": {"digest": "off", "digest.image_pinned": null}}}, {"deny"}],
		[{"environment": "dev", "enforcement": {"dev": "off"}}, {"deny"}],
		[{"environment": ["dev"], "enforcement": "off"}, {"deny"}],
	] {
		levels(decision.violations) == case[1] with input as of(pod("nginx")) with data.settings as case[0]
	}
}

test_values_are_asked_for_too if {
	violations := decision.violations with input as of({"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": {"image": "a"}})
	{v.rule | some v in violations} == {"digest.values_pinned"}
}

test_a_rule_that_has_just_entered_warns if {
	every case in [
		[{"entering": ["digest.image_pinned"]}, {"warn"}],
		[{"entering": ["digest.values_pinned"]}, {"deny"}],
		[{"entering": "digest.image_pinned"}, {"deny"}],
		[{"entering": {"a": "digest.image_pinned"}}, {"deny"}],
		[{"entering": ["digest.image_pinned"], "environment": "dev", "enforcement": {"dev": {"digest": "deny"}}}, {"deny"}],
		[{"entering": ["digest.image_pinned"], "environment": "dev", "enforcement": {"dev": {"digest": "log"}}}, {"log"}],
	] {
		levels(decision.violations) == case[1] with input as of(pod("nginx")) with data.settings as case[0]
	}
}

entry := {
	"rule": "digest.image_pinned",
	"target": {"namespace": "shop", "kind": "Pod", "name": "web"},
	"reason": "r",
	"ticket": "t",
	"approver": "a",
	"expires": "2026-03-31",
}

test_an_exception_lets_through_and_is_named if {
	at := 1772409600000000000 # 2026-03-02
	given := {"exceptions": [entry]}
	[violation] := [v | some v in decision.violations] with input as of(pod("nginx")) with data.settings as given with time.now_ns as at
	violation.enforcement == "excepted"
	violation.exception == entry
	later := 1775001600000000000 # 2026-04-01
	levels(decision.violations) == {"deny"} with input as of(pod("nginx")) with data.settings as given with time.now_ns as later
	list := {"kind": "List", "items": [pod("nginx")]}
	levels(decision.violations) == {"excepted"} with input as of(list) with data.settings as given with time.now_ns as at
}

test_a_family_speaks_once_it_is_configured if {
	rules := {"odd": {"violation": {{"msg": "m", "details": {"path": "/x"}}}}}
	every family in ["provenance", "residency", "tier"] {
		said := decision.violations with input as of({}) with data.settings as {family: {}}
			with data.policylib.provenance as rules
			with data.policylib.residency as rules
			with data.policylib.tier as rules
		{v.rule | some v in said} == {concat(".", [family, "odd"])}
	}
	decision.unconfigured == {"provenance", "residency", "tier"}
	decision.unconfigured == {"tier"} with data.settings as {"provenance": null, "residency": {}}
}

test_whether_there_can_be_warnings if {
	decision.never_warns
	not decision.never_warns with data.settings as {"environment": "dev", "enforcement": {"dev": {"digest": "warn"}}}
}
