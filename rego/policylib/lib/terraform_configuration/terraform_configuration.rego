# METADATA
# title: Terraform configurations
# description: >-
#   What a plan's configuration says of a resource and of the provider that makes it, where the
#   values do not say it: a region, default tags, and what is known only after apply.
package policylib.lib.terraform_configuration

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.terraform.is_plan
import data.policylib.lib.terraform_modules

provider_blocks := read.object_at(read.object_at(document, "configuration"), "provider_config")

variables := read.object_at(document, "variables")

# By address, without the indexes of instances: the expressions of a resource, and the region, zone
# and tags that its provider gives to what has none.
given[address] contains {
	"expressions": read.object_at(resource, "expressions"),
	"labels": labels(provider, variables),
	"prefix": node.prefix,
	"region": setting(provider, "region", variables),
	"zone": setting(provider, "zone", variables),
} if {
	is_plan
	root := read.dig(document, ["configuration", "root_module"], null)
	some node in terraform_modules.flat(root, [])
	some resource in read.list(node.module, "resources")
	address := concat("", [node.prefix, read.text(resource, "address")])
	provider := read.object_at(provider_blocks, read.text(resource, "provider_config_key"))
}

# To regorus an object that nothing was put into is undefined.
given[""] contains {"expressions": {}, "labels": {}, "prefix": "", "region": null, "zone": null}

# What a provider's block says under a key; null where that is not known.
setting(provider, key, known) := constant(expression, known, read.text(provider, "module_address")) if {
	expression := read.object_at(read.object_at(provider, "expressions"), key)
}

# A constant, or a variable of the root module that stands alone.
constant(expression, known, module) := value if {
	value := read.at(expression, "constant_value", null)
	not is_null(value)
} else := read.at(read.at(known, name, null), "value", null) if {
	module == ""
	[reference] := read.list(expression, "references")
	is_string(reference)
	name := trim_prefix(reference, "var.")
	name != reference
} else := null

# Tags that AWS and Google give to whatever can hold them.
labels(provider, known) := labelled if {
	labelled := setting(provider, "default_labels", known)
	is_object(labelled)
} else := tagged if {
	block := read.last(read.list(read.object_at(provider, "expressions"), "default_tags"))
	tagged := constant(read.object_at(block, "tags"), known, read.text(provider, "module_address"))
	is_object(tagged)
} else := {}
