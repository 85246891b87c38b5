# METADATA
# description: >-
#   Classes such as \\s, \\d and \\w and the flag i need tables that not every engine carries
package custom.regal.rules.portability["plain-regex"]

import rego.v1

import data.regal.ast
import data.regal.result

report contains result.fail(rego.metadata.chain(), result.location(term)) if {
	some i
	walk(input.rules[i], [_, term])
	term.type == "string"
	regex.match(`\\[sSdDwWbBpP]|\(\?[a-z]*i|\$\z`, term.value)
	is_pattern(term.value)
}

# A text that is written as a pattern, whoever uses it.
is_pattern(text) if regex.match(`\[|\\|\(\?`, text)
