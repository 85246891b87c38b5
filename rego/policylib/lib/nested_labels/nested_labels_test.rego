package policylib.lib.nested_labels_test

import rego.v1

import data.policylib.lib.nested_labels

of(spec) := {"review": {"object": {"apiVersion": "example.com/v1", "kind": "Set", "spec": spec}}}

labelled := {"metadata": {"labels": {"policylib.dev/region": "eu-west-1", "app": "x"}, "annotations": {"policylib.dev/tenant": "acme"}}}

test_templates_wherever_they_stand if {
	nested_labels.said == {
		{"name": "region", "path": "/spec/jobs/0/template/metadata/labels/policylib.dev~1region", "value": "eu-west-1"},
		{"name": "tenant", "path": "/spec/jobs/0/template/metadata/annotations/policylib.dev~1tenant", "value": "acme"},
	} with input as of({"jobs": [{"template": labelled}]})
	every key in ["template", "podTemplate", "jobTemplate", "PodTemplate"] {
		count(nested_labels.said) == 2 with input as of({"head": {key: labelled}})
	}
}

test_what_is_no_template if {
	every key in ["volumeClaimTemplate", "pvcTemplate", "templates", "managed"] {
		nested_labels.said == set() with input as of({key: labelled})
	}
	nested_labels.said == set() with input as of({"template": [labelled]})
	nested_labels.said == set() with input as of({"template": {"status": labelled.metadata}})
	every odd in [null, "x", [], {}, {"labels": null}, {"labels": {"policylib.dev/region": null}}] {
		nested_labels.said == set() with input as of({"template": {"metadata": odd}})
	}
	nested_labels.said == set() with input as {"review": {"object": labelled}}
	config := {"apiVersion": "v1", "kind": "ConfigMap", "data": {"template": labelled}}
	nested_labels.said == set() with input as {"review": {"object": config}}
}
