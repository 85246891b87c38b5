# METADATA
# title: Admission
# description: The decision as an AdmissionReview, for an OPA that is an admission webhook.
# entrypoint: true
package system

import rego.v1

import data.policylib.decision.violations
import data.policylib.lib.read

main := {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}

# An absent or malformed request is an empty one, whose absent object is denied.
default request := {}

request := input.request if is_object(input.request)

# Deleting runs nothing, and its object is null.
decided contains v if {
	read.text(request, "operation") != "DELETE"
	some v in violations with input as {"review": {"object": read.at(request, "object", null)}}
}

messages(level) := sort([line |
	some v in decided
	v.enforcement == level
	line := sprintf("[%s] %s", [v.rule, v.msg])
])

excepted := sort([line |
	some v in decided
	by := v.exception
	line := sprintf("[%s] until %s, %s, approved by %s: %s", [v.rule, by.expires, by.ticket, by.approver, v.msg])
])

response := object.union(
	{
		"uid": read.text(request, "uid"),
		"allowed": count(messages("deny")) == 0,
		"warnings": messages("warn"),
		"auditAnnotations": {key: concat("\n", shown(lines)) |
			some key, lines in silent
			count(lines) > 0
		},
	},
	refusal,
)

# What nobody is told of, for the API server's audit log.
silent := {"logged": messages("log"), "excepted": excepted}

# What an object says may not fill the log, nor pass for a line of its own.
shown(lines) := array.concat(
	[substring(regex.replace(line, `[\x00-\x1f\x7f]`, " "), 0, 500) | some line in array.slice(lines, 0, 20)],
	[sprintf("and %d more", [count(lines) - 20]) | count(lines) > 20],
)

default refusal := {}

refusal := {"status": {"code": 403, "message": concat("\n", messages("deny"))}} if {
	count(messages("deny")) > 0
}
