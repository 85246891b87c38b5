package policylib.entrypoints.admission_test

import rego.v1

import data.system

pod(image) := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image}]}}

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

review(operation, resource) := {
	"apiVersion": "admission.k8s.io/v1",
	"kind": "AdmissionReview",
	"request": {"uid": "u1", "operation": operation, "object": resource},
}

test_a_pinned_pod_is_admitted if {
	system.main == {
		"apiVersion": "admission.k8s.io/v1",
		"kind": "AdmissionReview",
		"response": {"uid": "u1", "allowed": true, "warnings": [], "auditAnnotations": {}},
	} with input as review("CREATE", pod(pinned))
}

test_an_unpinned_pod_is_refused if {
	system.main.response == {
		"uid": "u1", "allowed": false, "warnings": [], "auditAnnotations": {},
		"status": {"code": 403, "message": `[digest.image_pinned] image "nginx" has no digest`},
	} with input as review("UPDATE", pod("nginx"))
}

test_each_message_has_a_line if {
	two := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "a"}, {"image": "b"}]}}
	response := system.main.response with input as review("CREATE", two)
	response.status.message == concat("\n", [
		`[digest.image_pinned] image "a" has no digest`,
		`[digest.image_pinned] image "b" has no digest`,
	])
}

test_an_ephemeral_container_is_judged if {
	debugged := object.union(pod(pinned), {"spec": {"ephemeralContainers": [{"image": "busybox"}]}})
	request := object.union(review("UPDATE", debugged), {"request": {"subResource": "ephemeralcontainers"}})
	not system.main.response.allowed with input as request
}

test_deleting_is_always_allowed if {
	system.main.response.allowed with input as review("DELETE", null)
}

test_a_malformed_review_is_refused if {
	every request in [null, {}, [], {"request": null}, {"request": "x"}, {"request": {"uid": 5}}, review("CREATE", null), review(null, null)] {
		system.main.response.allowed == false with input as request
	}
}

test_warnings if {
	settings := {"environment": "dev", "enforcement": {"dev": {"digest": "warn"}}}
	response := system.main.response with input as review("CREATE", pod("nginx")) with data.settings as settings
	response.allowed
	response.warnings == [`[digest.image_pinned] image "nginx" has no digest`]
}

logging := {"environment": "dev", "enforcement": {"dev": {"digest": "log"}}}

excepting := {"exceptions": [{
	"rule": "digest.image_pinned",
	"target": {"kind": "Pod", "namespace": "shop", "name": "web"},
	"reason": "vendored", "ticket": "OPS-7", "approver": "ada@example.com", "expires": "2099-12-31",
}]}

named(resource) := object.union(resource, {"metadata": {"namespace": "shop", "name": "web"}})

told(response) := response.auditAnnotations if {
	response.allowed
	response.warnings == []
}

test_what_is_only_logged_is_for_the_audit_log if {
	told(system.main.response) == {"logged": `[digest.image_pinned] image "nginx" has no digest`}
		with input as review("CREATE", pod("nginx"))
		with data.settings as logging
	told(system.main.response) == {} with input as review("CREATE", pod(pinned)) with data.settings as logging
}

test_what_an_exception_lets_through_is_for_the_audit_log if {
	told(system.main.response) == {"excepted": concat("", [
		"[digest.image_pinned] until 2099-12-31, OPS-7, approved by ada@example.com: ",
		`image "nginx" has no digest`,
	])}
		with input as review("CREATE", named(pod("nginx")))
		with data.settings as excepting
	told(system.main.response) == {} with input as review("CREATE", named(pod(pinned))) with data.settings as excepting
}

test_an_exception_goes_before_a_level if {
	object.keys(told(system.main.response)) == {"excepted"}
		with input as review("CREATE", named(pod("nginx")))
		with data.settings as object.union(logging, excepting)
}

pods(number) := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": sprintf("a%d", [i])} |
	some i in numbers.range(100, 99 + number)
]}}

test_the_audit_log_gets_twenty_lines if {
	twenty := split(told(system.main.response).logged, "\n") with input as review("CREATE", pods(20)) with data.settings as logging
	count(twenty) == 20
	twenty == sort(twenty)
	more := split(told(system.main.response).logged, "\n") with input as review("CREATE", pods(21)) with data.settings as logging
	more == array.concat(twenty, ["and 1 more"])
}

test_a_line_of_the_audit_log_is_one_and_short if {
	tail := concat("", [letter | some _ in numbers.range(1, 1000); letter := "é"])
	some entry in excepting.exceptions
	settings := {"exceptions": [object.union(entry, {"approver": concat("", ["a\nb\u0000c\u007f", tail])})]}
	line := told(system.main.response).excepted with input as review("CREATE", named(pod("nginx"))) with data.settings as settings
	count(line) == 500
	startswith(line, "[digest.image_pinned] until 2099-12-31, OPS-7, approved by a b c é")
}
