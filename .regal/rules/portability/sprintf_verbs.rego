# METADATA
# description: >-
#   Of the verbs of sprintf, only %s, %d and %v mean the same everywhere
package custom.regal.rules.portability["sprintf-verbs"]

import rego.v1

import data.regal.ast
import data.regal.result

report contains result.fail(rego.metadata.chain(), result.location(call[0])) if {
	some call in ast.found.calls[_]
	ast.ref_to_string(call[0].value) == "sprintf"
	not is_plain(call[1])
}

is_plain(format) if {
	format.type == "string"
	not regex.match(`%[^sdv%]`, format.value)
}
