# METADATA
# description: >-
#   x in {…} with anything but constants never matches in some versions of OPA
package custom.regal.rules.portability["member-of-literal"]

import rego.v1

import data.regal.ast
import data.regal.result

report contains result.fail(rego.metadata.chain(), result.location(call[0])) if {
	some call in ast.found.calls[_]
	ast.ref_to_string(call[0].value) == "internal.member_2"
	call[2].type in {"array", "object", "set"}
	some member in call[2].value
	walk(member, [_, term])
	term.type in {"call", "ref", "var"}
}
