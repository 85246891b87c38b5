# METADATA
# description: >-
#   A file without import rego.v1 is read as another language beside v0 policies
package custom.regal.rules.portability["imports-rego-v1"]

import rego.v1

import data.regal.ast
import data.regal.result

report contains result.fail(rego.metadata.chain(), result.location(input.package)) if not says_v1

says_v1 if {
	some imported in ast.imports
	[term.value | some term in imported.path.value] == ["rego", "v1"]
}
