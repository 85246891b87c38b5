# METADATA
# description: >-
#   Engines differ over some … in an empty literal, and in what may be null
package custom.regal.rules.portability["iterated-collection"]

import rego.v1

import data.regal.ast
import data.regal.result

report contains result.fail(rego.metadata.chain(), result.location(collection)) if {
	some symbols in ast.found.symbols[_]
	symbols[0].type == "call"
	collection := regal.last(symbols[0].value)
	may_differ(collection)
}

may_differ(collection) if {
	collection.type in {"array", "object", "set"}
	count(collection.value) == 0
}

may_differ(collection) if {
	collection.type == "call"
	ast.ref_to_string(collection.value[0].value) in {"object.get", "read.at", "read.dig"}
}
