package policylib.entrypoints.log_test

import rego.v1

import data.system.log

secret := {
	"apiVersion": "v1", "kind": "Secret", "metadata": {
		"name": "s",
		"namespace": "shop",
		"generateName": "s-",
		"uid": "u",
		"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hunter2"},
		"labels": {"password": "hunter2"},
	},
	"data": {"password": "aHVudGVyMg=="}, "stringData": {"password": "hunter2"},
}

name_of_secret := {"apiVersion": "v1", "kind": "Secret", "metadata": {
	"name": "s",
	"namespace": "shop",
	"generateName": "s-",
	"uid": "u",
}}

masked(entry) := values if {
	rules := log.mask with input as entry
	values := {rule.path: rule.value | some rule in rules; rule.op == "upsert"}
}

of_input(given) := masked({"input": given})["/input"]

of_result(path, result) := masked({"path": path, "result": result})["/result"]

test_what_is_masked if {
	{concat(" ", [rule.op, rule.path]) | some rule in log.mask} == {"upsert /input", "upsert /result", "remove /nd_builtin_cache"}
		with input as {"input": {}}
}

test_whatever_the_entry_it_is_masked if {
	every odd in [null, [], "x", 5, {}, {"input": null}, {"input": []}, {"input": "hunter2"}, {"path": 5}] {
		masked(odd) == {"/input": {}, "/result": null}
	}
}

test_nothing_is_masked_on_request if count(log.unmasked) == 0 with input as {"input": secret}

test_a_document if of_input(secret) == name_of_secret

test_a_review if of_input({"review": {"object": secret, "x": "hunter2"}, "parameters": "hunter2"}) == {"review": {"object": name_of_secret}}

test_a_list_names_its_items if {
	list := {"apiVersion": "v1", "kind": "List", "items": [secret, "hunter2", {"kind": "List", "items": [secret]}]}
	listed := {"apiVersion": "v1", "kind": "List", "items": [name_of_secret, {}, {"kind": "List"}]}
	of_input(list) == listed
	of_input({"review": {"object": list}}) == {"review": {"object": listed}}
}

test_an_admission_review if {
	of_input({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
		"uid": "r1", "operation": "UPDATE", "name": "s", "namespace": "shop", "subResource": "status",
		"kind": {"group": "core", "version": "v1", "kind": "Secret", "x": "hunter2"},
		"resource": {"group": "apps", "version": "v1", "resource": "secrets"},
		"userInfo": {"username": "jane", "groups": ["a"], "extra": {"token": ["hunter2"]}},
		"object": secret, "oldObject": secret, "options": {"x": "hunter2"},
	}}) == {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
		"uid": "r1", "operation": "UPDATE", "name": "s", "namespace": "shop", "subResource": "status",
		"kind": {"group": "core", "version": "v1", "kind": "Secret"},
		"resource": {"group": "apps", "version": "v1", "resource": "secrets"},
		"userInfo": {"username": "jane"},
		"object": name_of_secret, "oldObject": name_of_secret,
	}}
}

test_a_transfer if {
	asked := {"from": {"region": "a"}, "to": {"region": "b"}, "data_class": "pii", "pipeline": "p", "region": "c", "tenant": "t"}
	of_input({"request": object.union(asked, {"purpose": "hunter2"})}) == {"request": asked}
}

test_names_are_texts_of_the_length_of_a_name if {
	longest := concat("", [letter | some _ in numbers.range(1, 253); letter := "x"])
	of_input({"kind": longest, "metadata": {"name": longest}}) == {"kind": longest, "metadata": {"name": longest}}
	every odd in [concat("", [longest, "x"]), null, 5, true, "", [], ["hunter2"], {"hunter2": "hunter2"}] {
		given := {"kind": odd, "metadata": {"name": odd}, "items": odd, "review": {"object": odd}, "request": {"uid": odd}}
		of_input(given) in [{}, {"items": [{}]}]
	}
}

test_values_carry_no_name if of_input({"image": {"tag": "1"}, "password": "hunter2"}) == {}

test_answers_are_kept if {
	every path in [
		"main/deny", "main/warn", "policylib/decision/violations", "policylib/decision/unconfigured",
		"residency/allow", "residency/deny", "system/main", "system/main/response/allowed", "/system/main/",
	] {
		of_result(path, ["x"]) == ["x"]
	}
}

test_of_an_admission_what_nobody_is_told_is_kept if {
	admission := {"response": {"allowed": true, "warnings": [], "auditAnnotations": {"excepted": "x", "logged": "y"}}}
	of_result("system/main", admission) == admission
	of_result("system", {"main": admission, "silent": "hunter2"}) == {"main": admission}
}

test_an_answer_is_kept_whatever_it_is if {
	every result in [true, false, {"msg": "x"}] {
		of_result("residency/allow", result) == result
	}
}

test_of_a_package_its_answers_are_kept if {
	whole := {
		"allow": false, "decided": "hunter2", "deny": ["d"], "log": "hunter2", "main": {"response": {}}, "request": "hunter2",
		"unconfigured": ["tier"], "violations": [], "warn": [],
	}
	every path, names in {
		"main": ["deny", "warn"], "policylib/decision": ["unconfigured", "violations"], "residency": ["allow", "deny"], "system": ["main"],
	} {
		of_result(path, whole) == {name: whole[name] | some name in names}
		of_result(path, "hunter2") == null
		of_result(path, {"main": null}) == {}
	}
}

test_anything_else_is_not_an_answer if {
	every path in [
		"", "data", "policylib", "policylib/lib/review/document", "policylib/decision/judged", "main/denying", "main/decided",
		"residency/request", "system/request", "system/log/mask", "system/mainly", "x/system/main", "system%2Fmain",
	] {
		of_result(path, {"main": "hunter2", "deny": "hunter2"}) == null
	}
}

test_without_an_entry if count(log.mask) == 3
