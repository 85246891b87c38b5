package policylib.lib.transfers_test

import rego.v1

import data.policylib.lib.transfers

of(said) := {"review": {"object": object.union({"apiVersion": "policylib.dev/v1", "kind": "TransferRequest"}, said)}}

route := {"from": {"region": "a"}, "to": {"region": "b"}, "data_class": "pii"}

stay := {"region": "c", "data_class": "logs"}

ends[one.path] := one.value if some one in transfers.ends

test_what_is_a_transfer if {
	every case in [
		["policylib.dev/v1", "TransferRequest"],
		["v1", "transferrequest"],
		["example.com/v1", "EgressEvent"],
		[null, "EGRESSEVENT"],
	] {
		transfers.is_transfer with input as {"review": {"object": {"apiVersion": case[0], "kind": case[1]}}}
	}
	every kind in ["Pod", "TransferRequests", "", null, ["TransferRequest"]] {
		transfers.is_transfer == false with input as {"review": {"object": {"apiVersion": "example.com/v1", "kind": kind, "request": stay}}}
	}
	transfers.bodies == {} with input as {"review": {"object": {"kind": "Pod", "request": stay, "from": {}}}}
}

test_what_speaks_like_a_transfer_in_our_group if {
	every said in [{"request": null}, {"from": null}, {"to": {}}, {"data_class": "pii"}] {
		every kind in ["TransferRequests", "ResidencyRequest", ""] {
			transfers.is_transfer with input as of(object.union(said, {"kind": kind}))
			not transfers.is_transfer with input as of(object.union(said, {"kind": kind, "apiVersion": "example.com/v1"}))
		}
	}
	not transfers.is_transfer with input as of({"kind": "HelmValues", "values": {"from": {}}})
}

test_a_route if {
	ends == {"/from/region": "a", "/to/region": "b"} with input as of(route)
	transfers.routes == {""} with input as of(route)
	transfers.ends == {
		{"body": "", "end": "from", "path": "/from/region", "value": "a"},
		{"body": "", "end": "to", "path": "/to/region", "value": "b"},
	} with input as of(route)
}

test_the_plans_request if {
	ends == {"/request/region": "c"} with input as of({"request": stay})
	transfers.routes == set() with input as of({"request": stay})
	ends == {"/region": "c"} with input as of(stay)
	transfers.routes == set() with input as of(stay)
}

test_what_is_said_of_the_document_describes_no_data if {
	object.keys(transfers.bodies) == {"/request"} with input as of({"request": stay, "metadata": {"name": "x"}})
}

test_requested if {
	transfers.requested with input as of({"request": null})
	transfers.requested == false with input as of(route)
}

test_a_route_under_request if {
	ends == {"/request/from/region": "a", "/request/to/region": "b"} with input as of({"request": route})
	transfers.routes == {"/request"} with input as of({"request": route})
}

test_both_are_judged if {
	ends == {"/from/region": "a", "/to/region": "b", "/request/region": "c"} with input as of(object.union(route, {"request": stay}))
	ends == {"/from/region": "a", "/to/region": "b", "/region": "c"} with input as of(object.union(route, {"region": "c"}))
	{one.value | some one in transfers.classes} == {"pii", "logs"} with input as of(object.union(route, {"request": stay}))
}

test_what_is_left_out_is_missing if {
	every case in [
		[{}, {"/from/region": null, "/to/region": null}],
		[{"data_class": "pii"}, {"/from/region": null, "/to/region": null}],
		[{"from": {"region": "a"}}, {"/from/region": "a", "/to/region": null}],
		[{"to": {"region": "b"}}, {"/from/region": null, "/to/region": "b"}],
		[{"from": null}, {"/from/region": null, "/to/region": null}],
		[{"from": "a", "to": ["b"]}, {"/from/region": null, "/to/region": null}],
		[{"request": null}, {"/request/region": null}],
		[{"request": []}, {"/request/region": null}],
		[{"request": "us-east-1"}, {"/request/region": null}],
		[{"request": {"regions": ["a"]}}, {"/request/region": null}],
		[{"request": {"from": {"region": "a"}}}, {"/request/from/region": "a", "/request/to/region": null}],
		[{"request": {"region": "c"}, "tenant": "acme"}, {"/request/region": "c"}],
		[{"request": {"region": "c"}, "to": {"region": "b"}}, {"/request/region": "c", "/from/region": null, "/to/region": "b"}],
		[{"region": null}, {"/region": null}],
	] {
		ends == case[1] with input as of(case[0])
	}
}

test_classes if {
	every case in [
		[{"request": {"region": "c"}}, {null}],
		[route, {"pii"}],
		[{"from": {}, "data_class": ["pii", "logs"]}, {"pii", "logs"}],
		[{"from": {}, "data_class": []}, {[]}],
		[{"from": {}, "data_class": [["pii"]]}, {["pii"]}],
		[{"from": {}, "data_class": 5}, {5}],
		[{"request": stay, "data_class": "pii"}, {"pii", "logs"}],
		[{"request": stay, "tenant": "acme"}, {"logs"}],
		[object.union(route, {"metadata": {"labels": {"policylib.dev/data-class": "health"}}}), {"pii", "health"}],
	] {
		{one.value | some one in transfers.classes} == case[1] with input as of(case[0])
	}
	transfers.classes == {{"path": "/request/data_class", "value": "logs"}} with input as of({"request": stay})
}

test_tenants if {
	every case in [
		[{"tenant": "acme"}, {"/tenant": "acme"}],
		[{"request": {"tenant": false}}, {"/request/tenant": false}],
		[{"tenant": null}, {}],
		[{"metadata": {"labels": {"policylib.dev/tenant": "acme"}}}, {"/metadata/labels/policylib.dev~1tenant": "acme"}],
	] {
		{one.path: one.value | some one in transfers.tenants} == case[1] with input as of(case[0])
	}
	{one.value | some one in transfers.tenants} == {"acme", "beta"} with input as of({"tenant": ["acme", "beta"]})
}

test_labels_name_locations_too if {
	labels := {"policylib.dev/region": "d", "topology.kubernetes.io/zone": "e"}
	{one.value | some one in transfers.others} == {"d", "e"} with input as of(object.union(route, {"metadata": {"labels": labels}}))
}
