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
		"response": {"uid": "u1", "allowed": true, "warnings": []},
	} with input as review("CREATE", pod(pinned))
}

test_an_unpinned_pod_is_refused if {
	system.main.response == {"uid": "u1", "allowed": false, "warnings": [], "status": {
		"code": 403,
		"message": `[digest.image_pinned] image "nginx" has no digest`,
	}} with input as review("UPDATE", pod("nginx"))
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
