package policylib.lib.residency_workloads_test

import rego.v1

import data.policylib.lib.residency_workloads

catalog := {"catalog": {"services": {
	"web": {"regions": ["us-east-1", "eu-west-1"], "data_classes": ["pii", "logs"]},
	"batch": {"regions": "us-west-2", "data_classes": "logs, public"},
	"odd": {"regions": [], "data_classes": [["pii"]]},
	"bare": {"regions": null},
	"one": {"regions": "us-west-2", "data_classes": "logs"},
}}}

pod(labels) := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"labels": {concat("/", ["policylib.dev", key]): value | some key, value in labels}},
	"spec": {"containers": [{"image": "x"}]},
}}}

values(statements) := {one.value | some one in statements}

messages contains one.msg if some one in residency_workloads.faults

test_labels if {
	given := pod({"region": "us-east-1 , eu-west-1", "data-class": ["pii", "logs"], "tenant": "acme"})
	residency_workloads.locations == {
		{"path": "/metadata/labels/policylib.dev~1region", "value": "us-east-1"},
		{"path": "/metadata/labels/policylib.dev~1region", "value": "eu-west-1"},
	} with input as given
	values(residency_workloads.classes) == {"pii", "logs"} with input as given
	values(residency_workloads.tenants) == {"acme"} with input as given
	residency_workloads.faults == set() with input as given
}

test_the_catalog if {
	residency_workloads.locations == {
		{"path": "/metadata/labels/policylib.dev~1service", "value": "us-east-1"},
		{"path": "/metadata/labels/policylib.dev~1service", "value": "eu-west-1"},
	} with input as pod({"service": "web"}) with data.settings as catalog
	values(residency_workloads.classes) == {"logs", "public"} with input as pod({"service": "batch"}) with data.settings as catalog
	values(residency_workloads.locations) == {"us-west-2"} with input as pod({"service": "batch"}) with data.settings as catalog
	values(residency_workloads.locations) == {[]} with input as pod({"service": "odd"}) with data.settings as catalog
	values(residency_workloads.classes) == {["pii"]} with input as pod({"service": "odd"}) with data.settings as catalog
}

test_labels_go_first if {
	given := pod({"service": "web", "region": "eu-west-1a", "data-class": "logs"})
	values(residency_workloads.locations) == {"eu-west-1a"} with input as given with data.settings as catalog
	values(residency_workloads.classes) == {"logs"} with input as given with data.settings as catalog
	residency_workloads.faults == set() with input as given with data.settings as catalog
}

test_a_label_only_narrows if {
	given := pod({"service": "web", "region": "us-east-1,mars", "data-class": "public, pii"})
	residency_workloads.faults == {
		{
			"path": "/metadata/labels/policylib.dev~1region",
			"msg": `the service has no region "mars" in the catalog`,
			"region": "mars",
			"data_class": "",
		},
		{
			"path": "/metadata/labels/policylib.dev~1data-class",
			"msg": `the service has no data class "public" in the catalog`,
			"region": "",
			"data_class": "public",
		},
	} with input as given with data.settings as catalog
}

test_a_service_of_one_region_and_class if {
	messages == {`the service has no region "us-east-1" in the catalog`, `the service has no data class "pii" in the catalog`}
		with input as pod({"service": "one", "region": "us-east-1", "data-class": "pii"})
		with data.settings as catalog
}

test_nothing_said if {
	unsaid := {
		"no region is said, by the label policylib.dev/region or by the service in the catalog",
		"no data class is said, by the label policylib.dev/data-class or by the service in the catalog",
	}
	every labels in [{}, {"service": "bare"}, {"service": "unknown"}, {"service": 0}, {"service": ["web"]}, {"region": null}] {
		messages == unsaid with input as pod(labels)
			with data.settings as {"catalog": {"services": {"bare": {"regions": null}, "web": {}}}}
	}
	messages == unsaid with input as pod({"service": 0}) with data.settings as {"catalog": {"services": [{
		"regions": ["us-east-1"],
		"data_classes": ["pii"],
	}]}}
	{[one.path, one.region, one.data_class] | some one in residency_workloads.faults} == {
		["/metadata/labels/policylib.dev~1region", "", ""],
		["/metadata/labels/policylib.dev~1data-class", "", ""],
	} with input as pod({})
}

test_other_keys if {
	messages == {
		"no region is said, by the label where or by the service in the catalog",
		"no data class is said, by the label what or by the service in the catalog",
	} with input as pod({}) with data.settings as {"labels": {"region": "where", "data_class": "what"}}
}

test_what_runs_nothing_need_not_say if {
	every document in [
		{"kind": "ConfigMap", "apiVersion": "v1"},
		{"kind": "Service", "apiVersion": "v1", "metadata": {"labels": {
			"policylib.dev/service": "web",
			"policylib.dev/region": "mars",
			"policylib.dev/data-class": "x",
		}}},
	] {
		residency_workloads.faults == set() with input as {"review": {"object": document}} with data.settings as catalog
	}
}

test_what_the_catalog_leaves_open_is_open if {
	services := {"catalog": {"services": {"web": {"regions": "us-east-1"}, "batch": {"data_classes": "logs"}}}}
	messages == set() with input as pod({"service": "web", "data-class": "pii"}) with data.settings as services
	messages == set() with input as pod({"service": "batch", "region": "us-west-2"}) with data.settings as services
}

test_a_region_is_no_class if {
	messages == {`the service has no data class "us-west-2" in the catalog`}
		with input as pod({"service": "one", "region": "us-west-2", "data-class": "us-west-2"})
		with data.settings as catalog
}

test_another_service_widens_nothing if {
	messages == {`the service has no region "us-west-2" in the catalog`, `the service has no data class "public" in the catalog`}
		with input as pod({"service": "web, batch", "region": "us-west-2", "data-class": "public"})
		with data.settings as catalog
	messages == {
		`the service has no region "us-east-1" in the catalog`, `the service has no region "eu-west-1" in the catalog`,
		`the service has no region "us-west-2" in the catalog`, `the service has no data class "pii" in the catalog`,
		`the service has no data class "public" in the catalog`,
	}
		with input as pod({"service": "web, batch"})
		with data.settings as catalog
	messages == set() with input as pod({"service": "batch, one", "region": "us-west-2", "data-class": "logs"})
		with data.settings as catalog
}
