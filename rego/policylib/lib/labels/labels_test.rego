package policylib.lib.labels_test

import rego.v1

import data.policylib.lib.labels

of(document) := {"review": {"object": document}}

test_a_workload_and_its_pods if {
	document := {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"labels": {"policylib.dev/region": "us-east-1"}, "annotations": {"policylib.dev/region": "eu-west-1"}},
		"spec": {"template": {"metadata": {"labels": {"policylib.dev/region": 5}}}},
	}
	labels.said == {
		{"name": "region", "path": "/metadata/labels/policylib.dev~1region", "value": "us-east-1"},
		{"name": "region", "path": "/metadata/annotations/policylib.dev~1region", "value": "eu-west-1"},
		{"name": "region", "path": "/spec/template/metadata/labels/policylib.dev~1region", "value": 5},
	} with input as of(document)
}

test_each_name if {
	given := {
		"policylib.dev/service": "web", "policylib.dev/region": "eu", "policylib.dev/data-class": "pii",
		"policylib.dev/tenant": "acme",
	}
	document := {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": given}}
	said := labels.said with input as of(document)
	{one.name: one.value | some one in said} == {
		"service": "web",
		"region": "eu",
		"data_class": "pii",
		"tenant": "acme",
	}
}

test_the_jobs_of_a_cron_job if {
	document := {
		"apiVersion": "batch/v1",
		"kind": "CronJob",
		"spec": {"jobTemplate": {
			"metadata": {"labels": {"policylib.dev/service": "a"}},
			"spec": {"template": {"metadata": {"labels": {"policylib.dev/service": "b"}}}},
		}},
	}
	{one.value | some one in labels.said} == {"a", "b"} with input as of(document)
}

test_other_keys if {
	document := {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"team": "web", "policylib.dev/service": "x"}}}
	{one.value | some one in labels.said} == {"web"} with input as of(document)
		with data.settings as {"labels": {"service": "team"}}
	every odd in [null, "", " ", 5, []] {
		{one.value | some one in labels.said} == {"x"} with input as of(document)
			with data.settings as {"labels": {"service": odd}}
	}
}

test_nothing_said if {
	every document in [
		null, "x", {}, {"metadata": null}, {"metadata": {"labels": null}}, {"metadata": {"labels": ["x"]}},
		{"metadata": {"labels": {"policylib.dev/region": null}}},
	] {
		labels.said == set() with input as of(document)
	}
}
