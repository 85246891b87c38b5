# METADATA
# title: Links between Terraform resources
# description: Which stores of the same plan a store names as what it copies, holds, or is held by.
package policylib.lib.terraform_links

import rego.v1

import data.policylib.lib.places
import data.policylib.lib.pointer
import data.policylib.lib.read

# Attributes that a resource may be called by, besides its address.
names := {
	"arn", "bucket", "cluster_identifier", "dataset_id", "global_cluster_identifier", "global_replication_group_id", "id", "identifier",
	"multi_region_cluster_name", "name", "replication_group_id",
}

# The places in what a store says under attributes that name others.
stated(store) := {{"path": path, "name": attribute.name, "value": value} |
	some kind in ["from", "must", "to"]
	some attribute in store.attributes
	attribute.name in object.keys(read.object_at(store.kept, kind))
	path := pointer.join("", array.concat(store.path, attribute.path))
	some value in within(attribute.value)
}

within(value) := places.within(value) if {
	is_string(value)
} else := set()

# The stores that a store names, each with the name of the attribute, and whether by its configuration.
targets(store, stores) := [{"name": name, "store": target, "values": values, "referred": referred} |
	some kind in ["from", "must", "to"]
	some name, type in read.object_at(store.kept, kind)
	called := {end | some attribute in store.attributes; attribute.name == name; some end in ends(attribute.value)}
	references := referred_by(store, name)
	clues := count(called) + count(references)
	clues > 0
	some target in stores
	target.type == type
	target.address != store.address
	values := names_of(target) & called
	referred := {reference | some reference in references; is_below(target.base, reference)}
	count(values) + count(referred) > 0
]

# What a text may call a resource by: itself, or its end.
ends(value) := {value, read.last(split(value, "/")), read.last(split(value, ":"))} if {
	is_string(value)
} else := set()

names_of(target) := {value |
	some name in names
	value := target.values[name]
}

# The addresses, of resources or modules, that the configuration of an attribute refers to.
referred_by(store, name) := {concat("", [given.prefix, reference]) |
	some given in store.given
	walk(given.expressions, [path, reference])
	is_string(reference)
	concat(".", [key | some key in path; is_string(key)]) == concat(".", [name, "references"])
}

is_below(address, reference) if startswith(concat("", [address, "."]), concat("", [reference, "."]))

# What leaves open where data goes or lies: a set of path and why.
gaps(store, meant) := {{"path": path, "why": why} |
	some kind in ["must", "to"]
	some attribute in store.attributes
	attribute.name in object.keys(read.object_at(store.kept, kind))
	within(attribute.value) == set()
	not is_found(attribute, meant)
	path := pointer.join("", array.concat(store.path, attribute.path))
	why := sprintf("%s names what is not in the plan, and not where that is", [attribute.name])
} | {{"path": pointer.join("", store.path), "why": sprintf("what %s refers to is known only after apply", [name])} |
	some kind in ["must", "to"]
	some name, _ in read.object_at(store.kept, kind)
	is_open(store, kind, name)
	not is_answered(name, meant)
}

is_found(attribute, meant) if {
	some link in meant
	link.name == attribute.name
	count(link.values & ends(attribute.value)) > 0
}

is_open(store, "must", name) if not has(store.attributes, name)

is_open(store, _, name) if has(store.unknown, name)

has(attributes, name) if {
	some attribute in attributes
	attribute.name == name
}

is_answered(name, meant) if {
	some link in meant
	link.name == name
	count(link.referred) > 0
}
