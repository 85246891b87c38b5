package policylib.lib.evidence_test

import rego.v1

import data.policylib.lib.evidence

# 2026-03-02T12:00:00Z
now := 1772452800000000000

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

at(name) := concat("@", [name, digest])

about(image) := {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": image,
	"verified_at": "2026-03-01T00:00:00Z", "expires_at": "2026-04-01T00:00:00Z",
	"signers": [], "attestations": [], "sbom": [], "errors": [],
}

given := {"images": {at("a"): about(at("a")), at("b"): about(at("a")), at("c"): object.union(about(at("c")), {"errors": ["x"]})}}

of(document) := {"review": {"object": document}}

pod(images) := of({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image} | some image in images]}})

test_each_image_stands_on_its_own_facts if {
	request := pod([at("a"), at("a:1.2"), at("b"), at("c"), at("d"), "a:1", null])
	{claim.path | some claim in evidence.usable} == {"/spec/containers/0/image", "/spec/containers/1/image"} with input as request
		with data.facts as given
		with time.now_ns as now
	{claim.facts.image | some claim in evidence.usable} == {at("a")} with input as request with data.facts as given with time.now_ns as now
	evidence.faults == {
		said(2, at("b"), sprintf(`has facts about another image, "%s"`, [at("a")])),
		said(3, at("c"), "could not be verified: x"),
		said(4, at("d"), "has no facts: nobody verified it"),
		said(5, "a:1", "is no reference with a sha256 digest, so nobody can have verified it"),
		{
			"msg": "/spec/containers/6/image is no reference with a sha256 digest, so nobody can have verified it",
			"details": {"path": "/spec/containers/6/image", "image": ""},
		},
	} with input as request with data.facts as given with time.now_ns as now
}

said(i, image, why) := {"msg": sprintf("image \"%s\" %s", [image, why]), "details": {"path": path, "image": image}} if {
	path := sprintf("/spec/containers/%d/image", [i])
}

test_facts_beside_a_workload_do_not_count if {
	document := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": at("d")}]}, "images": {at("d"): about(at("d"))}}
	request := {"review": {"object": document}, "facts": {"images": {at("d"): about(at("d"))}}, "parameters": {"facts": given}}
	count(evidence.faults) == 1 with input as request with data.facts as given with time.now_ns as now
}

test_odd_facts_are_none if {
	every odd in [
		null, "x", [], {}, {"images": null}, {"images": [about(at("a"))]}, {"images": {digest: about(at("a"))}},
		{"images": {at("a"): null}},
	] {
		evidence.usable == set() with input as pod([at("a")]) with data.facts as odd with time.now_ns as now
		count(evidence.faults) == 1 with input as pod([at("a")]) with data.facts as odd with time.now_ns as now
	}
}

test_a_document_of_facts_is_judged_by_itself if {
	evidence.faults == set() with input as of(about(at("x"))) with time.now_ns as now
	{claim.path | some claim in evidence.usable} == {"/image"} with input as of(about(at("x"))) with time.now_ns as now
	{claim.facts | some claim in evidence.usable} == {about(at("x"))} with input as of(about(at("x"))) with time.now_ns as now
	{claim.image | some claim in evidence.usable} == {at("x")} with input as of(about(at("x"))) with time.now_ns as now
	expired := object.union(about(at("a")), {"expires_at": "2026-03-02T00:00:00Z"})
	expected := sprintf(`image "%s" has facts that expired at 2026-03-02T00:00:00Z`, [at("a")])
	evidence.faults == {{"msg": expected, "details": {"path": "/image", "image": at("a")}}} with input as of(expired)
		with data.facts as given
		with time.now_ns as now
}

test_a_slip_does_not_hide_facts if {
	every change in [
		{"kind": "imagefacts"}, {"apiVersion": "v1"}, {"apiVersion": "example.com/v1"}, {"apiVersion": null},
		{"image": null}, {"image": 5},
		{"image": at("a:1")}, {"image": "a"},
	] {
		count(evidence.faults) == 1 with input as of(object.union(about(at("a")), change)) with data.facts as given with time.now_ns as now
	}
}

test_what_runs_nothing_needs_no_facts if {
	every document in [
		{"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "image: a"}},
		{"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": {"image": "a"}},
		{"apiVersion": "v1", "kind": "List", "items": []},
	] {
		evidence.claims == set() with input as of(document)
		evidence.faults == set() with input as of(document)
	}
}

test_no_document if {
	every document in [null, "x", [about(at("a"))]] {
		evidence.faults == {{"msg": "the document is not an object", "details": {"path": "", "image": ""}}} with input as of(document)
	}
}

test_a_list_is_refused if {
	list := {"apiVersion": "v1", "kind": "List", "items": [about(at("a"))]}
	evidence.faults == {{
		"msg": "a list is judged item by item, and this one is nested too deep or was not taken apart",
		"details": {"path": "/items", "image": ""},
	}} with input as of(list)
	evidence.faults == set() with input as of({"apiVersion": "v1", "kind": "Secret", "items": ["x"]})
}
