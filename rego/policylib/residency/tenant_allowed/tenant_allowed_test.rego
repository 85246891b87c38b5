package policylib.residency.tenant_allowed_test

import rego.v1

import data.policylib.residency.tenant_allowed

given := {"residency": {
	"allowed_regions": {"pii": ["us-east-1", "eu-west-1"]},
	"tenants": {"acme": ["us-east-1", "us-west-2"], "beta": ["eu-west-1"]},
}}

transfer(source, target, tenant) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "TransferRequest",
	"from": {"region": source},
	"to": {"region": target},
	"data_class": "pii",
	"tenant": tenant,
}}}

test_in_the_tenants_regions if {
	tenant_allowed.violation == set() with input as transfer("us-east-1", "us-east-1a", "acme") with data.settings as given
	tenant_allowed.violation == set() with input as transfer("us-east-1", "mars", null) with data.settings as given
}

test_a_violation_names_the_tenant if {
	tenant_allowed.violation == {{
		"msg": `data of tenant "acme" must stay in us-east-1, us-west-2, not in "eu-west-1"`,
		"details": {"path": "/to/region", "tenant": "acme", "region": "eu-west-1"},
	}} with input as transfer("us-east-1", "eu-west-1", "acme") with data.settings as given
	tenant_allowed.violation == {{
		"msg": `tenant "acme": data class "pii" must stay in us-east-1, eu-west-1, not in "us-west-2"`,
		"details": {"path": "/to/region", "tenant": "acme", "region": "us-west-2"},
	}} with input as transfer("us-east-1", "us-west-2", "acme") with data.settings as given
	tenant_allowed.violation == {{
		"msg": "residency.tenants has no such tenant: a number, not text",
		"details": {"path": "/tenant", "tenant": "", "region": ""},
	}} with input as transfer("us-east-1", "us-east-1", 5) with data.settings as given
}

test_every_tenant_counts if {
	count(tenant_allowed.violation) == 2 with input as transfer("us-east-1", "us-east-1", ["acme", "beta"]) with data.settings as given
}

test_a_region_that_is_no_text if {
	tenant_allowed.violation == {{
		"msg": `data of tenant "acme" must stay in us-east-1, us-west-2, not in missing`,
		"details": {"path": "/to/region", "tenant": "acme", "region": ""},
	}} with input as transfer("us-east-1", null, "acme") with data.settings as given
}

test_a_caller_cannot_exempt_himself if {
	request := object.union(
		transfer("us-east-1", "eu-west-1", "acme"),
		{"parameters": {"residency": {"tenants": {"acme": ["eu-west-1"]}}}},
	)
	count(tenant_allowed.violation) == 1 with input as request with data.settings as given
}
