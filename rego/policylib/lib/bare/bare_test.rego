package policylib.lib.bare_test

import rego.v1

import data.policylib.lib.bare

kind(document) := bare.enveloped(document).kind

test_values_are_enveloped if {
	values := {"image": {"tag": "1"}}
	bare.enveloped(values) == {
		"apiVersion": "policylib.dev/v1",
		"kind": "HelmValues",
		"metadata": {"name": "values"},
		"values": values,
	}
}

test_a_review_is_no_envelope if kind({"review": {"object": {"kind": "Service"}}}) == "HelmValues"

test_a_kustomization_is_known_by_its_images if {
	every image in [{"name": "a", "newTag": "1"}, {"name": "a", "newName": "b"}] {
		kind({"images": [image]}) == "Kustomization"
	}
	kind({"images": [{"name": "a", "newTag": null}]}) == "HelmValues"
}

test_the_rest_stays_as_it_is if {
	every document in [
		null, "text", 1, ["x"],
		{"kind": "Pod"}, {"apiVersion": "v1"}, {"kind": 5},
		{"items": [{"kind": "Pod"}]}, {"items": ["x", {"name": "y"}]},
		{"Kind": "Pod", "Spec": {"Containers": []}}, {"template": {}}, {"containers": [{"image": "x"}]},
	] {
		bare.enveloped(document) == document
	}
}

test_other_text_is_values if {
	every document in [{"items": ["x"]}, {"spec": "x"}, {"containers": []}, {"template": null}] {
		kind(document) == "HelmValues"
	}
}
