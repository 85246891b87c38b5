# METADATA
# description: >-
#   A package says what it is for; a rule also how bad it is, what to do, and what it reads
package custom.regal.rules.portability["complete-metadata"]

import rego.v1

import data.regal.ast
import data.regal.result

required := {"controls", "gatekeeper", "parameters", "remediation", "severity"}

annotation := object.union_n([found |
	some found in object.get(input.package, "annotations", [])
	found.scope == "package"
])

report contains result.fail(rego.metadata.chain(), result.location(input.package)) if {
	not endswith(ast.package_name, "_test")
	some key in ["title", "description"]
	object.get(annotation, key, "") == ""
}

report contains result.fail(rego.metadata.chain(), result.location(input.package)) if {
	is_rule
	some key in required
	not key in object.keys(object.get(annotation, "custom", {}))
}

report contains result.fail(rego.metadata.chain(), result.location(input.package)) if {
	is_rule
	not "violation" in ast.rule_names
}

# data.policylib.<family>.<rule>
is_rule if {
	count(ast.package_path) == 3
	ast.package_path[0] == "policylib"
	not ast.package_path[1] in {"decision", "entrypoints", "lib"}
	not endswith(ast.package_name, "_test")
}
