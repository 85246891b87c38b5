package policylib.lib.fact_faults_test

import rego.v1

import data.policylib.lib.clock
import data.policylib.lib.fact_faults

# 2026-03-02T12:00:00Z
now := 1772452800000000000

key := "ghcr.io/org/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

good := {
	"apiVersion": "policylib.dev/v1", "kind": "ImageFacts", "image": key,
	"verified_at": "2026-03-02T12:00:00Z", "expires_at": "2026-03-02T12:00:01Z",
	"signers": [], "attestations": [], "sbom": [], "errors": [],
}

changed(changes) := object.union(good, changes)

test_good if fact_faults.fault(key, good) == "" with time.now_ns as now

test_no_key if {
	fact_faults.fault("", good) == "is no reference with a sha256 digest, so nobody can have verified it"
	fact_faults.fault("", null) == "is no reference with a sha256 digest, so nobody can have verified it"
}

test_none if fact_faults.fault(key, null) == "has no facts: nobody verified it"

test_malformed if {
	fact_faults.fault(key, changed({"errors": null, "signers": null})) == "has malformed facts: /errors is not a list"
	fact_faults.fault(key, "x") == "has malformed facts:  is not an object"
}

test_another_image if {
	every other in [
		"ghcr.io/org/other@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"ghcr.io/org/app@sha256:1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	] {
		fact_faults.fault(key, changed({"image": other})) == sprintf(`has facts about another image, "%s"`, [other])
	}
}

test_errors if {
	fact_faults.fault(key, changed({"errors": ["no\nsignature", "x"]})) == "could not be verified: no?signature"
	every odd in ["", " ", null, {}, 5, ["x"]] {
		fact_faults.fault(key, changed({"errors": [odd]})) == "could not be verified: an error that says nothing"
	}
}

test_times if {
	every one in [
		["verified_at", "2026-03-02T12:00:01Z", "has facts from the future, verified at 2026-03-02T12:00:01Z"],
		["verified_at", "2026-03-02T13:00:00+02:00", ""],
		["expires_at", "2026-03-02T12:00:00Z", "has facts that expired at 2026-03-02T12:00:00Z"],
		["expires_at", "2026-03-02T13:00:01+02:00", "has facts that expired at 2026-03-02T13:00:01+02:00"],
	] {
		fact_faults.fault(key, changed({one[0]: one[1]})) == one[2] with time.now_ns as now
	}
}

# Whenever it is, they are from the future or expired.
test_what_expires_before_it_was_verified_never_held if {
	facts := changed({"verified_at": "2026-03-02T11:00:00Z", "expires_at": "2026-03-02T10:00:00Z"})
	every at in ["2026-03-02T09:00:00Z", "2026-03-02T10:30:00Z", "2026-03-02T12:00:00Z"] {
		fact_faults.fault(key, facts) != "" with time.now_ns as clock.ns(at)
	}
}
