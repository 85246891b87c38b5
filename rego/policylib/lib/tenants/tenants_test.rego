package policylib.lib.tenants_test

import rego.v1

import data.policylib.lib.tenants

# 2026-03-02T12:00:00Z
now := 1772452800000000000

given := {"residency": {
	"allowed_regions": {"pii": ["us-east-1", "eu-west-1"], "logs": ["us-west-2", "eu-west-1"]},
	"tenants": {"acme": ["eu-west-1", "us-west-2"], "none": [], "odd": "eu-west-1"},
	"pipelines": [{
		"name": "warehouse", "data_class": "pii", "from": "eu-west-1", "to": "us-west-2", "dpia": "D", "owner": "o",
		"expires": "2026-03-31",
	}],
}}

pod(tenant, region, class) := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"labels": {"policylib.dev/tenant": tenant, "policylib.dev/region": region, "policylib.dev/data-class": class}},
	"spec": {"containers": [{"image": "x"}]},
}}}

messages contains one.msg if some one in tenants.faults

test_in_both_lists if {
	every case in [["eu-west-1", "pii"], ["EU (Ireland)", "pii,logs"], ["us-west-2", "logs"]] {
		messages == set() with input as pod("acme", case[0], case[1]) with data.settings as given
	}
}

test_in_one_list_alone if {
	tenants.faults == {{
		"path": "/metadata/labels/policylib.dev~1region",
		"tenant": "acme",
		"region": "us-east-1",
		"msg": `data of tenant "acme" must stay in eu-west-1, us-west-2, not in "us-east-1"`,
	}} with input as pod("acme", "us-east-1", "pii") with data.settings as given
	tenants.faults == {{
		"path": "/metadata/labels/policylib.dev~1region",
		"tenant": "acme",
		"region": "us-west-2",
		"msg": `tenant "acme": data class "pii" must stay in us-east-1, eu-west-1, not in "us-west-2"`,
	}} with input as pod("acme", "us-west-2", "pii") with data.settings as given
}

test_a_tenant_without_a_class_stays_too if {
	messages == {`data of tenant "acme" must stay in eu-west-1, us-west-2, not in "mars"`} with input as pod("acme", "mars", null)
		with data.settings as given
}

test_unknown_tenants if {
	every case in [
		["Acme", `"Acme"`],
		["acme ", `"acme "`],
		["", `""`],
		["odd", `"odd"`],
		[5, "a number, not text"],
	] {
		messages == {concat(" ", ["residency.tenants has no such tenant:", case[1]])} with input as pod(case[0], "eu-west-1", "pii")
			with data.settings as given
	}
	messages == {`data of tenant "none" must stay in no region, not in "eu-west-1"`} with input as pod("none", "eu-west-1", "pii")
		with data.settings as given
	tenants.faults == {{
		"path": "/metadata/labels/policylib.dev~1tenant",
		"tenant": "x",
		"region": "",
		"msg": `residency.tenants has no such tenant: "x"`,
	}} with input as pod("x", "eu-west-1", "pii")
		with data.settings as given
}

test_without_settings_no_tenant_is_known if {
	every odd in [{}, {"tenants": null}, {"tenants": ["acme"]}, {"tenants": {"acme": null}}] {
		messages == {`residency.tenants has no such tenant: "acme"`} with input as pod("acme", "eu-west-1", "pii")
			with data.settings as {"residency": odd}
	}
	messages == {"residency.tenants has no such tenant: a number, not text"} with input as pod(0, "eu-west-1", "pii")
		with data.settings as {"residency": {"tenants": [["eu-west-1"]]}}
}

test_no_tenant if {
	messages == set() with input as pod(null, "mars", "pii") with data.settings as given
}

transfer(target, pipeline) := {"review": {"object": {
	"kind": "TransferRequest",
	"from": {"region": "eu-west-1"},
	"to": {"region": target},
	"data_class": "pii",
	"tenant": "acme",
	"pipeline": pipeline,
}}}

test_a_pipeline_excuses_the_class_and_not_the_tenant if {
	messages == set() with input as transfer("us-west-2", "warehouse") with data.settings as given with time.now_ns as now
	messages == {`tenant "acme": data class "pii" must stay in us-east-1, eu-west-1, not in "us-west-2"`}
		with input as transfer("us-west-2", "other")
		with data.settings as given
		with time.now_ns as now
	messages == {`data of tenant "acme" must stay in eu-west-1, us-west-2, not in "us-east-1"`}
		with input as transfer("us-east-1", "warehouse")
		with data.settings as given
		with time.now_ns as now
}
