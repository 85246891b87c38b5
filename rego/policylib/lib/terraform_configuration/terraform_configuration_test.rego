package policylib.lib.terraform_configuration_test

import rego.v1

import data.policylib.lib.terraform_configuration

of(configuration, variables) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "TerraformPlan",
	"configuration": configuration,
	"variables": variables,
}}}

resource := {"address": "a.b", "provider_config_key": "p", "expressions": {"x": {"constant_value": 1}}}

with_provider(provider) := {"provider_config": {"p": provider}, "root_module": {"resources": [resource]}}

test_what_a_provider_gives if {
	provider := {"expressions": {
		"region": {"constant_value": "us-east1"},
		"zone": {"constant_value": "us-east1-b"},
		"default_labels": {"constant_value": {"data_class": "pii"}},
	}}
	terraform_configuration.given["a.b"] == {{
		"expressions": {"x": {"constant_value": 1}},
		"labels": {"data_class": "pii"},
		"prefix": "",
		"region": "us-east1",
		"zone": "us-east1-b",
	}} with input as of(with_provider(provider), {})
}

test_default_tags if {
	provider := {"expressions": {"default_tags": [{"tags": {"constant_value": {"data_class": "pii"}}}]}}
	labels == {{"data_class": "pii"}} with input as of(with_provider(provider), {})
	every odd in [null, [], [null], [{"tags": null}], [{"tags": {"references": ["var.x"]}}], [{"tags": {"constant_value": "x"}}], "x"] {
		labels == {{}} with input as by({"expressions": {"default_tags": odd}}, {})
	}
	every odd in [null, "x", {"constant_value": ["x"]}, {"constant_value": null}] {
		labels == {{}} with input as by({"expressions": {"default_labels": odd}}, {})
	}
}

regions contains one.region if some one in terraform_configuration.given["a.b"]

labels contains one.labels if some one in terraform_configuration.given["a.b"]

by(provider, variables) := of(with_provider(provider), variables)

test_a_variable_of_the_root_module if {
	known := {"region": {"value": "us-east-1"}, "other": {"value": "eu-west-1"}}
	regions == {"us-east-1"} with input as by({"expressions": {"region": {"references": ["var.region"]}}}, known)
	every references in [
		["var.region", "var.other"], ["local.region"], ["var.unknown"], ["region"], [], null, "var.region", [["var.region"]],
	] {
		regions == {null} with input as by({"expressions": {"region": {"references": references}}}, known)
	}
	module := {"module_address": "module.m"}
	regions == {null} with input as by(object.union(module, {"expressions": {"region": {"references": ["var.region"]}}}), known)
	regions == {"us-east-1"} with input as by(object.union(module, {"expressions": {"region": {"constant_value": "us-east-1"}}}), {})
	default_tags := [{"tags": {"references": ["var.tags"]}}]
	tags := {"tags": {"value": {"a": "b"}}}
	labels == {{"a": "b"}} with input as by({"expressions": {"default_tags": default_tags}}, tags)
	labels == {{}} with input as by(object.union(module, {"expressions": {"default_tags": default_tags}}), tags)
}

test_a_provider_that_says_nothing if {
	every odd in [null, "x", {}, {"expressions": null}, {"expressions": {"region": null}}, {"expressions": {"region": "us-east-1"}}] {
		regions == {null} with input as by(odd, {})
	}
	nothing := {"expressions": {"x": {"constant_value": 1}}, "labels": {}, "prefix": "", "region": null, "zone": null}
	terraform_configuration.given["a.b"] == {nothing} with input as of({"root_module": {"resources": [resource]}}, null)
}

test_resources_of_modules if {
	configuration := {"root_module": {"module_calls": {"m": {"module": {"resources": [resource]}}}}}
	{one.prefix | some one in terraform_configuration.given["module.m.a.b"]} == {"module.m."} with input as of(configuration, {})
}

test_nothing_is_configured if {
	every odd in [null, "x", {}, {"root_module": null}, {"root_module": {"resources": {}}}] {
		object.keys(terraform_configuration.given) == {""} with input as of(odd, {})
	}
	object.keys(terraform_configuration.given) == {""} with input as {"review": {"object": {
		"kind": "Pod",
		"configuration": with_provider({}),
	}}}
	terraform_configuration.given[""] == {{"expressions": {}, "labels": {}, "prefix": "", "region": null, "zone": null}} with input as {}
}
