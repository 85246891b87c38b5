# METADATA
# title: Terraform types
# description: Which types of Terraform resources store data, by name, by nature, or by their own word.
package policylib.lib.terraform_types

import rego.v1

import data.policylib.lib.terraform_aws.types as aws
import data.policylib.lib.terraform_azure.types as azure
import data.policylib.lib.terraform_google.types as google
import data.policylib.lib.terraform_kubernetes.types as kubernetes

known := object.union_n([aws, azure, google, kubernetes])

# What is known of a type: what it may store, and what a resource has to say to be one that stores.
# What nobody wrote down is in whatever places it says, or else where its provider makes things.
kept(type, types) := object.union({"asks": set()}, types[type]) if {
	types[type]
} else := other(set()) if {
	stores(type)
	not is_held(type)
} else := other({"place"}) if {
	stores(type)
} else := other({"class", "place"}) if {
	not is_bystander(type)
}

other(asks) := {"asks": asks, "home": set(), "inherits": {"region", "zone"}}

# A type that ends in such a word stores.
nouns := concat("", [
	`(?:\A|_)(?:(?:backup|bucket|cache|data_?set|data_?store|disk|file_?share|file_?system|snapshot|storage|volume|warehouse)s?`,
	`|databases?(?:_cluster|_instance|_server)?`,
	`|(?:cassandra|clickhouse|db|elasticsearch|kafka|mongodb|mongodbatlas(?:_advanced)?|mysql|opensearch|postgres(?:ql)?|rdb|redis)`,
	`_(?:cluster|deployment|instance|server))(?:_v[0-9]+)?\z`,
])

# What such providers keep in something else, which is judged, has no place of its own.
holders := `\Aaws_(?:athena|glue_catalog)_|\A(?:azurerm|cockroach|google|mssql|mysql|postgresql|snowflake)_`

# What keeps no data, whatever it says of itself.
bystanders := concat("", [
	`_(?:address|association|attachment|certificate|eip|endpoint|firewall|gateway|group|identity|ip|key|lb|load_balancer|member`,
	`|network|policy|record|role|route|route_table|rule|service_account|subnet|subnetwork|user|vpc|zone)\z`,
])

stores(type) if regex.match(nouns, type)

is_held(type) if regex.match(holders, type)

is_bystander(type) if regex.match(bystanders, type)
