# METADATA
# title: Terraform resources that store
# description: The resources of a plan that keep data, each with its attributes and what it is known by.
package policylib.lib.terraform_stores

import rego.v1

import data.policylib.lib.labels.keys
import data.policylib.lib.places
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.terraform.resources
import data.policylib.lib.terraform_configuration.given
import data.policylib.lib.terraform_tags
import data.policylib.lib.terraform_types
import data.policylib.lib.terraform_types.known

class_key := read.text(keys, "data_class")

tenant_key := read.text(keys, "tenant")

stores := [store |
	some resource in resources
	kept := terraform_types.kept(resource.type, known)
	attributes := said(resource.values)
	unknown := said(resource.unknown)
	unmet := {ask | some ask in kept.asks; not meets(ask, attributes, unknown, class_key)}
	unmet == set()
	base := without_indexes(resource.address)
	store := object.union(resource, {
		"attributes": array.concat(attributes, said(assumed(kept, resource.values))),
		"base": base,
		"classes": terraform_tags.values(attributes, class_key),
		"given": read.at(given, base, set()),
		"kept": kept,
		"tenants": terraform_tags.values(attributes, tenant_key),
		"unknown": unknown,
	})
]

# The address of a resource, whichever of its instances this is.
without_indexes(address) := regex.replace(address, `\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]`, "")

meets("place", attributes, unknown, _) if {
	some attribute in array.concat(attributes, unknown)
	is_place(attribute)
}

meets("class", attributes, _, class) if terraform_tags.is_tagged(attributes, class)

# An attribute that is not switched off.
meets(ask, attributes, unknown, _) if {
	some attribute in array.concat(attributes, unknown)
	attribute.name == ask
	attribute.value != false
}

# All attributes that say something: the path, its texts, the name without the indexes of blocks, the
# last key, and the value.
said(values) := [attribute |
	walk(values, [path, value])
	is_said(value)
	texts := [key | some key in path; is_string(key)]
	attribute := {"key": read.last(texts), "name": concat(".", texts), "path": path, "texts": texts, "value": value}
]

is_said(value) if is_boolean(value)

is_said(value) if is_number(value)

is_said(value) if read.filled(value)

# A key that speaks of a place and is no tag, or a list of replicas by their regions.
is_place(attribute) if {
	places.is_key(attribute.key)
	not terraform_tags.is_tag(attribute.texts)
}

is_place(attribute) if {
	attribute.key in {"replica", "replicas"}
	regions.is_known(attribute.value)
}

# What the provider takes for granted where a resource says nothing.
assumed(kept, values) := {key: value |
	some key, value in read.object_at(kept, "assumed")
	read.at(values, key, null) in {null, []}
}
