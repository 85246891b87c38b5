package policylib.lib.reviews_test

import rego.v1

import data.policylib.lib.reviews

pod := {"apiVersion": "v1", "kind": "Pod"}

list(items) := {"apiVersion": "v1", "kind": "List", "items": items}

expanded(document) := {item.path: item.review.object | some item in reviews.expand(document)}

test_lists if {
	every document in [
		list([]), list([null]), {"kind": "PodList", "items": [{}]}, {"items": [{}]}, {"kind": "list", "items": ["x"]},
		{"kind": "PodList", "items": [null]}, {"kind": "PodList", "items": ["x"]},
		{"kind": "ConfigMap", "items": [pod]}, {"kind": "Pod", "items": ["x", {}]}, {"kind": 5, "items": [{}]},
	] {
		reviews.is_list(document)
	}
}

test_no_lists if {
	every document in [
		null, "text", [], {}, pod,
		{"kind": "List"}, {"kind": "List", "items": null}, {"kind": "List", "items": {"a": pod}},
		{"kind": "ConfigMap", "items": ["x"]}, {"items": ["x"]}, {"kind": "Pod", "items": []},
	] {
		not reviews.is_list(document)
	}
}

test_one_review_an_item_and_one_for_the_rest if {
	expanded(list([pod, null])) == {
		"": {"apiVersion": "v1", "kind": "List"},
		"/items/0": pod,
		"/items/1": null,
	}
}

test_nested_lists if {
	expanded(list([list([pod])]))["/items/0/items/0"] == pod
	expanded(list([list([list([list([list([pod])])])])]))["/items/0/items/0/items/0/items/0/items/0"] == pod
}

test_too_deep_a_list_stays_whole if {
	deep := list([list([list([list([list([list([pod])])])])])])
	expanded(deep)["/items/0/items/0/items/0/items/0/items/0"] == list([pod])
	object.keys(expanded(deep)) == {
		"", "/items/0", "/items/0/items/0", "/items/0/items/0/items/0", "/items/0/items/0/items/0/items/0",
		"/items/0/items/0/items/0/items/0/items/0",
	}
}

test_items_inherit_what_they_leave_out if {
	inherited := {"apiVersion": "apps/v1", "kind": "Deployment", "spec": 1}
	every kind in ["DeploymentList", "Deployment", "Deploymentlist"] {
		every item in [{"spec": 1}, {"spec": 1, "kind": "", "apiVersion": null}] {
			expanded({"apiVersion": "apps/v1", "kind": kind, "items": [item]})["/items/0"] == inherited
		}
	}
	expanded({"apiVersion": "apps/v1", "kind": "DeploymentList", "items": [{"kind": "Pod"}]})["/items/0"] == {"kind": "Pod"}
	expanded({"items": [{"spec": 1}]})["/items/0"] == {"spec": 1}
	expanded(list([{"spec": 1}]))["/items/0"] == {"spec": 1}
}

test_an_object_with_items_is_judged_too if {
	expanded({"kind": "Secret", "data": {}, "items": [pod]}) == {"": {"kind": "Secret", "data": {}}, "/items/0": pod}
}

test_no_list_is_its_own_review if expanded(pod) == {"": pod}

test_what_is_no_list_stays_whole if {
	whole := {"kind": "ConfigMap", "items": ["x"]}
	expanded(whole) == {"": whole}
	expanded(list([whole]))["/items/0"] == whole
	count(expanded(list([whole]))) == 2
}

test_an_item_that_says_one_of_them_inherits_neither if {
	expanded({"apiVersion": "apps/v1", "kind": "DeploymentList", "items": [{"apiVersion": "v2"}]})["/items/0"] == {"apiVersion": "v2"}
}
