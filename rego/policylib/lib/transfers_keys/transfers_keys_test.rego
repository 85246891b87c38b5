package policylib.lib.transfers_keys_test

import rego.v1

import data.policylib.lib.transfers_keys

of(said) := {"review": {"object": object.union({"apiVersion": "policylib.dev/v1", "kind": "TransferRequest"}, said)}}

paths[one.path] := one.body if some one in transfers_keys.strays

whole := {
	"from": {"region": "a"}, "to": {"region": "b"}, "region": "c", "data_class": "pii", "tenant": "acme", "purpose": "billing",
	"pipeline": "warehouse", "time": "now", "workload": "web", "destination": "x", "bytes": 1,
}

test_all_that_a_transfer_says if {
	paths == {} with input as of(whole)
	paths == {} with input as of({"request": whole})
	every key in [
		"annotations", "creationTimestamp", "finalizers", "generateName", "generation", "labels", "managedFields", "name",
		"namespace", "ownerReferences", "resourceVersion", "selfLink", "uid",
	] {
		paths == {} with input as of({"metadata": {key: {}}})
	}
}

test_anything_else_may_hide_a_location if {
	every key in ["regions", "replicas", "backup", "cdn", "sub_processors", "Region", "From", "data_classes", "spec", "items", "a/b"] {
		pointer := concat("", ["/", replace(key, "/", "~1")])
		paths == {pointer: ""} with input as of({key: "x"})
		paths == {concat("", ["/request", pointer]): "/request"} with input as of({"request": {key: "x"}})
		paths == {concat("", ["/metadata", pointer]): ""} with input as of({"metadata": {key: "x"}})
	}
	every end in ["from", "to"] {
		paths == {sprintf("/%s/regions", [end]): ""} with input as of({end: {"region": "a", "regions": ["b"]}})
	}
}

test_a_message if {
	transfers_keys.strays == {{
		"body": "",
		"path": "/cdn",
		"msg": `a transfer has no key "cdn", and it may hide a location`,
	}} with input as of({"cdn": true})
	every odd in [{"from": {"cdn": 1}}, {"metadata": {"cdn": 1}}] {
		{one.msg | some one in transfers_keys.strays} == {`a transfer has no key "cdn", and it may hide a location`} with input as of(odd)
	}
}

test_odd_shapes if {
	every odd in [{"request": null}, {"request": ["regions"]}, {"from": "regions"}, {"metadata": null}, {"metadata": ["regions"]}] {
		paths == {} with input as of(odd)
	}
}

test_other_kinds if {
	paths == {} with input as {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "regions": [], "metadata": {"regions": []}}}}
}
