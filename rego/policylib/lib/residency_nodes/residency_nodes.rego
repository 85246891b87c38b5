# METADATA
# title: Where a workload is scheduled
# description: The regions and zones in which nodeSelector, nodeAffinity, nodeName and topology labels place a workload.
# related_resources:
#   - https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesioregion
package policylib.lib.residency_nodes

import rego.v1

import data.policylib.lib.labels.places
import data.policylib.lib.node_keys
import data.policylib.lib.node_keys.always
import data.policylib.lib.node_keys.of_regions
import data.policylib.lib.phrases
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.review.class
import data.policylib.lib.review.document
import data.policylib.lib.review.pod_specs
import data.policylib.lib.workloads

# What chooses nodes, by pointer: of each pod spec, and anywhere in a kind that nobody declared.
choices[pointer.child(base, key)] := read.at(spec, key, null) if {
	some base in pod_specs
	spec := workloads.spec_at(document, base)
	some key in ["affinity", "nodeSelector"]
}

choices[pointer.join("", path)] := choice if {
	class == "undeclared"
	walk(document, [path, choice])
	read.last(path) in {"affinity", "nodeSelector"}
}

# Each place where a workload may run: path and value.
chosen contains {"path": pointer.child(place, key), "value": value} if {
	some place, selector in choices
	some key, value in read.object_at({"x": selector}, "x")
	node_keys.tells(key, value)
}

chosen contains {"path": one.path, "value": value} if {
	some one in expressions
	not excludes(one.operator)
	some value in phrases.several(one.values)
	node_keys.tells(one.key, value)
}

chosen contains {"path": pointer.child(base, "nodeName"), "value": value} if {
	some base in pod_specs
	value := read.text(workloads.spec_at(document, base), "nodeName")
	regions.is_known(value)
}

chosen contains {"path": pointer.join(place, [kind, key]), "value": value} if {
	some place in places
	some kind in ["annotations", "labels"]
	some key, value in read.object_at(workloads.spec_at(document, place), kind)
	key in always
}

excludes(operator) if operator in {"DoesNotExist", "Exists", "NotIn"}

# Each region where it may not.
avoided contains {"path": one.path, "value": value} if {
	some one in expressions
	one.operator == "NotIn"
	one.key in of_regions
	some value in phrases.several(one.values)
}

# What nodeAffinity demands or prefers: path, key, operator and values.
expressions contains expression if {
	some base, affinity in choices
	some expression in in_affinity(base, read.at(affinity, "nodeAffinity", null))
}

in_affinity(base, affinity) := {{"path": place, "key": key, "operator": read.text(x, "operator"), "values": values} |
	walk(affinity, [path, x])
	key := read.text(x, "key")
	place := pointer.join(base, array.concat(["nodeAffinity"], path))
	values := read.at(x, "values", null)
}
