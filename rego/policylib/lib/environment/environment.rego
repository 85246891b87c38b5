# METADATA
# title: Environments
# description: The environment variables that the document under review sets, in whatever form.
package policylib.lib.environment

import rego.v1

import data.policylib.lib.containers.running
import data.policylib.lib.fold
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.class
import data.policylib.lib.review.document

# Each place of variables, as path and value: of containers, and of whatever nobody declared, which
# may hand them on to containers.
places contains {"path": pointer.child(container.path, "env"), "value": env} if {
	some container in running
	some env in fold.at(container.value, "env")
}

places contains {"path": pointer.join("", path), "value": env} if {
	class == "undeclared"
	walk(document, [path, env])
	is_env(path)
	path[0] != "status"
}

is_env(path) if {
	key := path[count(path) - 1]
	is_string(key)
	endswith(lower(key), "env")
}

# The variables of one place: name, path under it, value (of any type, null where there is none), and
# elsewhere, which says that the value is taken from where it is not seen.
variables(env) := [object.union({"name": read.text(item, "name")}, source(i, item)) | some i, item in env] if {
	is_array(env)
} else := [{"name": name, "path": [name], "value": value, "elsewhere": false} |
	some name, value in env
] if {
	is_object(env)
} else := []

source(i, item) := {"path": [i, "valueFrom"], "value": null, "elsewhere": true} if {
	not is_null(read.at(item, "valueFrom", null))
} else := {"path": [i, "value"], "value": read.at(item, "value", null), "elsewhere": false}

# What a value comes to among some variables: itself, or what the one variable that it names says.
expanded(value, given) := found if {
	name := variable(value)
	found := {said(one) | some one in given; one.name == name}
	count(found) > 0
} else := {{"value": value, "elsewhere": false}}

said(one) := {"value": one.value, "elsewhere": one.elsewhere}

variable(value) := trim(value, "$(){}") if {
	is_string(value)
	regex.match(`\A\$(?:\([A-Za-z0-9_.-]+\)|\{[A-Za-z0-9_.-]+\}|[A-Za-z0-9_]+)\z`, value)
}
