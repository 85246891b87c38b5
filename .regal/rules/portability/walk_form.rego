# METADATA
# description: >-
#   Only walk(x, [path, value]) finds anything in every engine
package custom.regal.rules.portability["walk-form"]

import rego.v1

import data.regal.ast
import data.regal.result

report contains result.fail(rego.metadata.chain(), result.location(call[0])) if {
	some call in ast.found.calls[_]
	ast.ref_to_string(call[0].value) == "walk"
	not is_portable(call)
}

is_portable(call) if {
	count(call) == 3
	call[2].type == "array"
	[term.type | some term in call[2].value] == ["var", "var"]
}
