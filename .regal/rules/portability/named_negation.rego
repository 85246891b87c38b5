# METADATA
# description: >-
#   Only a named helper is negated: engines differ over what is undefined in anything else
package custom.regal.rules.portability["named-negation"]

import rego.v1

import data.regal.ast
import data.regal.result

report contains result.fail(rego.metadata.chain(), result.location(expression)) if {
	some expression in ast.found.expressions[_]
	expression.negated
	not endswith(ast.package_name, "_test")
	not is_named(expression.terms)
}

# A rule or a value under its own name.
is_named(terms) if terms.type == "var"

is_named(terms) if {
	terms.type == "ref"
	count(terms.value) == 1
}

# A call of a function on what is at hand.
is_named(terms) if {
	is_array(terms)
	not ast.ref_to_string(terms[0].value) in ast.operators
	not reads_input(terms)
}

reads_input(terms) if {
	walk(terms, [_, term])
	term.type == "ref"
	term.value[0].value in {"input", "data"}
}
