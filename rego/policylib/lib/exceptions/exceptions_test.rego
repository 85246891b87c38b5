package policylib.lib.exceptions_test

import rego.v1

import data.policylib.lib.exceptions

# 2026-03-02T12:00:00Z
now := 1772452800000000000

digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

entry := {
	"rule": "digest.image_pinned",
	"target": {"kind": "Deployment", "namespace": "shop", "name": "web"},
	"reason": "the vendor publishes no digest",
	"ticket": "OPS-1",
	"approver": "security@example.com",
	"expires": "2026-03-31",
}

violation := {
	"rule": "digest.image_pinned",
	"msg": `image "nginx" has no digest`,
	"path": "/spec/containers/0/image",
	"details": {"path": "/spec/containers/0/image", "image": "nginx"},
	"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web"},
}

# What covers a violation at a time, when the settings list some exceptions.
covering(entries, given) := found if {
	found := exceptions.covering(given) with data.settings as {"exceptions": entries} with time.now_ns as now
} else := "none"

of(changes) := object.union(entry, changes)

aimed(target) := json.patch(entry, [{"op": "replace", "path": "/target", "value": target}])

test_a_workload if covering([entry], violation) == entry

test_expired if {
	covering([of({"expires": "2026-03-02"})], violation) != "none"
	every expires in ["2026-03-01", "2026-03-02T12:00:00Z", "2026-03-02T11:59:59Z", "never", "", null, 20991231] {
		covering([of({"expires": expires})], violation) == "none"
	}
	covering([object.remove(entry, ["expires"])], violation) == "none"
}

test_an_entry_is_whole if {
	every key in ["rule", "target", "reason", "ticket", "approver"] {
		every value in [null, "", " ", 5, []] {
			covering([of({key: value})], violation) == "none"
		}
		covering([object.remove(entry, [key])], violation) == "none"
	}
	every odd in [null, "x", 5, []] {
		covering([odd], violation) == "none"
		covering(odd, violation) == "none"
	}
}

test_what_is_active if {
	listed := [entry, object.remove(entry, ["rule"])]
	exceptions.active == [entry] with data.settings as {"exceptions": listed} with time.now_ns as now
}

test_a_digest_stands_behind_an_at_sign if {
	given := json.patch(violation, [{"op": "replace", "path": "/details/image", "value": concat("", ["nginx", digest])}])
	covering([aimed({"image": digest})], given) == "none"
}

test_of_another_rule if {
	covering([of({"rule": "digest"})], violation) == "none"
	covering([of({"rule": "digest.values_pinned"})], violation) == "none"
}

test_targets if {
	every target in [
		{"kind": "Deployment", "namespace": "shop", "name": "web", "image": "nginx"},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "path": "/spec/containers/0/image"},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "message": `image "nginx" has no digest`},
		{"namespace": "shop", "image": "nginx"},
	] {
		covering([aimed(target)], violation) != "none"
	}
	every target in [
		{}, {"image": "nginx"}, {"kind": "Deployment"}, {"name": "web"}, {"namespace": "shop"},
		{"kind": "Deployment", "name": "web"}, {"namespace": "shop", "name": "web"}, {"namespace": "shop", "kind": "Deployment"},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "apiVersion": "apps/v1"},
		{"kind": "deployment", "namespace": "shop", "name": "web"},
		{"kind": "Deployment", "namespace": "*", "name": "web"},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "image": "busybox"},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "image": ""},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "path": "/spec/containers/1/image"},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "message": "another"},
		{"kind": "Deployment", "namespace": "shop", "name": "web", "labels": {}},
		{"kind": "Deployment", "namespace": null, "name": "web"},
		{"namespace": "shop", "image": "nginx:latest"},
	] {
		covering([aimed(target)], violation) == "none"
	}
}

test_an_object_without_a_namespace if {
	bare := object.union(violation, {"resource": {"namespace": ""}})
	covering([aimed({"kind": "Deployment", "name": "web"})], bare) != "none"
	covering([aimed({"kind": "Deployment", "namespace": "shop", "name": "web"})], bare) == "none"
}

test_an_image_by_its_digest if {
	image := concat("@", ["ghcr.io/org/app:1", digest])
	signed := object.union(violation, {"details": {"image": image}})
	covering([aimed({"image": digest})], signed) != "none"
	covering([aimed({"image": digest, "namespace": "shop"})], signed) != "none"
	covering([aimed({"image": digest, "namespace": "other"})], signed) == "none"
	covering([aimed({"image": digest})], violation) == "none"
	covering([aimed({"image": "sha256:0123"})], object.union(violation, {"details": {"image": "x@sha256:0123"}})) == "none"
	covering([aimed({"image": image})], signed) == "none"
	short := object.union(violation, {"details": {"image": "x@sha256:0123"}})
	covering([aimed({"namespace": "shop", "image": "sha256:0123"})], short) == "none"
}

test_the_first_that_covers if {
	second := of({"ticket": "OPS-2"})
	covering([of({"expires": "2020-01-01"}), second, entry], violation) == second
}
