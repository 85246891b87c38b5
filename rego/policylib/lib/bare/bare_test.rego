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
	images := {"images": [{"name": "a", "newTag": "1"}]}
	bare.enveloped(images) == object.union(images, {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"})
}

test_the_rest_stays_as_it_is if {
	every document in [
		null, "text", 1, ["x"],
		{"kind": "Pod"}, {"apiVersion": "v1"}, {"kind": 5}, {"apiVersion": "policylib.dev/v1", "x": 1},
		{"apiVersion": "v1", "services": {"web": {"tier": "gold"}}}, {"kind": "Compose", "services": {"web": {"tier": "gold"}}},
		{"kind": "ServiceCatalog", "services": {"web": {"tier": "gold"}}},
		{"apiVersion": "policylib.dev/v1", "kind": "X", "request": {"region": "a"}},
		{"kind": 5, "request": {"region": "a"}},
		{"items": [{"kind": "Pod"}]}, {"items": ["x", {"name": "y"}]},
		{"Kind": "Pod", "Spec": {"Containers": []}}, {"template": {}}, {"containers": [{"image": "x"}]},
	] {
		bare.enveloped(document) == document
	}
}

test_what_may_run_containers_stays_as_it_is if {
	every key in ["containers", "ephemeralContainers", "initContainers", "items", "jobTemplate", "spec", "template"] {
		bare.enveloped({key: [{"x": 1}]}) == {key: [{"x": 1}]}
	}
}

test_each_key_of_a_request if {
	every key in ["data_class", "data_classes", "dataClass", "destination", "pipeline", "purpose", "region", "regions", "tenant"] {
		kind({"request": {key: "x"}, "more": 1}) == "TransferRequest"
	}
}

test_other_text_is_values if {
	every document in [{"items": ["x"]}, {"spec": "x"}, {"containers": []}, {"template": null}] {
		kind(document) == "HelmValues"
	}
}

test_what_is_known_by_its_keys if {
	every case in [
		[{"services": {"web": {"tier": "gold"}}}, "ServiceCatalog"],
		[{"services": {"web": null, "api": {"owner": "a"}}, "more": 1}, "ServiceCatalog"],
		[{"services": {"web": {"oncall": "a"}}}, "ServiceCatalog"],
		[{"request": null}, "TransferRequest"],
		[{"request": {"region": "x"}, "more": 1}, "TransferRequest"],
		[{"request": {"Data_Class": "x"}, "more": 1}, "TransferRequest"],
		[{"request": {"regions": ["x"]}, "more": 1}, "TransferRequest"],
		[{"format_version": "1.2", "planned_values": {}}, "TerraformPlan"],
		[{"format_version": "1.2", "resource_changes": []}, "TerraformPlan"],
		[{"format_version": "1.2", "values": {}}, "TerraformPlan"],
		[{"services": {"web": {"ports": []}}}, "HelmValues"],
		[{"services": {"web": {"tier": null}}}, "ServiceCatalog"],
		[{"apiVersion": null, "kind": null, "format_version": "1", "values": null}, "TerraformPlan"],
		[{"services": ["tier"]}, "HelmValues"],
		[{"services": "tier"}, "HelmValues"],
		[{"services": ["x", {"OnCall": "a"}]}, "ServiceCatalog"],
		[{"services": {"web": {"Tier": "gold"}}}, "ServiceCatalog"],
		[{"apiVersion": "", "kind": " ", "services": {"web": {"tier": "gold"}}}, "ServiceCatalog"],
		[{"apiVersion": "policylib.dev/v1", "request": {"region": "x"}}, "TransferRequest"],
		[{"request": {"timeout": 5}, "more": 1}, "HelmValues"],
		[{"format_version": 1, "values": {}}, "HelmValues"],
		[{"format_version": "1.2"}, "HelmValues"],
	] {
		kind(case[0]) == case[1]
	}
	bare.enveloped({"request": 1}) == {"apiVersion": "policylib.dev/v1", "kind": "TransferRequest", "request": 1}
}
