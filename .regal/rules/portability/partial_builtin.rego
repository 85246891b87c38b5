# METADATA
# description: >-
#   A builtin that can fail, or that an engine lacks, silences the rule that calls it
package custom.regal.rules.portability["partial-builtin"]

import rego.v1

import data.regal.ast
import data.regal.result

refused := {
	"http.send", "json.match_schema", "json.unmarshal", "json.verify_schema", "opa.runtime", "regex.globs_match",
	"regex.template_match", "rego.metadata.chain", "rego.metadata.rule", "rego.parse_module", "strings.count",
	"strings.replace_n", "to_number", "trace", "yaml.unmarshal",
}

refused_namespaces := {"crypto", "graphql", "io", "net", "providers", "time", "units", "uri", "uuid"}

report contains result.fail(rego.metadata.chain(), result.location(call[0])) if {
	some call in ast.found.calls[_]
	name := ast.ref_to_string(call[0].value)
	is_refused(name)
	not is_declared(ast.package_name, name)
}

is_refused(name) if name in refused

is_refused(name) if {
	contains(name, ".")
	name in ast.builtin_names
	split(name, ".")[0] in refused_namespaces
}

# The one place that reads YAML asks first whether it can.
is_declared("policylib.lib.yaml_text", "yaml.unmarshal")

# The one place that reads instants checks their form first.
is_declared("policylib.lib.clock", name) if startswith(name, "time.")
