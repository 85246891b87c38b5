# METADATA
# description: >-
#   input and data are read in one place each, and input.parameters nowhere
package custom.regal.rules.portability["declared-reads"]

import rego.v1

import data.regal.ast
import data.regal.result

readers := {
	"input": {"main", "policylib.decision", "policylib.lib.review", "residency", "system", "system.log"},
	"data": {"policylib.decision", "policylib.lib.facts", "policylib.lib.settings"},
}

report contains result.fail(rego.metadata.chain(), result.location(ref)) if {
	not endswith(ast.package_name, "_test")
	some ref in ast.found.refs[_]
	some root, packages in readers
	ref.value[0].value == root
	not ast.package_name in packages
}

report contains result.fail(rego.metadata.chain(), result.location(ref)) if {
	not endswith(ast.package_name, "_test")
	some ref in ast.found.refs[_]
	ref.value[0].value == "input"
	ref.value[1].value == "parameters"
}
