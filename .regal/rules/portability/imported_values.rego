# METADATA
# description: >-
#   Values are imported one by one, read totally, and never inside a function: regorus loses them there
package custom.regal.rules.portability["imported-values"]

import rego.v1

import data.regal.ast
import data.regal.result

operators := {call[0].value[0].location | some call in ast.found.calls[_]}

imported := {name | some name in ast.imported_identifiers}

# A field of what is imported: undefined for one shape or another, or a whole package evaluated.
report contains result.fail(rego.metadata.chain(), result.location(ref)) if {
	not endswith(ast.package_name, "_test")
	some ref in ast.found.refs[_]
	count(ref.value) > 1
	ref.value[0].value in imported
	not ref.value[0].location in operators
}

report contains result.fail(rego.metadata.chain(), result.location(term)) if {
	not endswith(ast.package_name, "_test")
	some function in ast.functions
	arguments := {argument.value | some argument in function.head.args}
	walk([function.head.value, object.get(function, "body", []), object.get(function, "else", {})], [_, term])
	term.type == "var"
	term.value in (imported - arguments)
	not term.location in operators
}
