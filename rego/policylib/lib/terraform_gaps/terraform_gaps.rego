# METADATA
# title: Gaps in Terraform resources
# description: What a resource that stores leaves open about where its data and their copies are.
package policylib.lib.terraform_gaps

import rego.v1

import data.policylib.lib.geo_redundancy
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.terraform_places
import data.policylib.lib.terraform_stores

# Attributes that a provider computes, for where no configuration tells.
computed := {
	"alternative_location_id", "bucket_region", "location_id", "primary_location", "region", "secondary_location",
	"source_region", "zone", "zones",
}

# Attributes that choose copies in the paired region, and are set by whoever writes them.
chosen := {"account_replication_type", "geo_redundant_backup_enabled", "storage_account_type", "storage_mode_type"}

# Blocks of copies that nobody computes: unknown as a whole where a dynamic block makes them.
blocks := {"geo_location", "replica"}

# What only the apply will tell: a set of path and why.
unknown(store) := {{"path": path, "why": why} |
	some attribute in store.unknown
	attribute.value == true
	is_open(store, attribute)
	path := pointer.join("", array.concat(store.path, attribute.path))
	why := sprintf("%s is known only after apply", [attribute.name])
}

is_open(_, attribute) if attribute.name in blocks

is_open(store, attribute) if {
	tells(attribute)
	not is_computed(store, attribute)
}

tells(attribute) if terraform_stores.is_place(attribute)

tells(attribute) if attribute.name in chosen

# What nobody sets is computed, and lies where the resource does.
is_computed(store, attribute) if terraform_places.is_local(attribute.name, store.kept)

is_computed(store, attribute) if {
	sets(store, attribute.texts[0])
	not sets(store, attribute.name)
}

is_computed(store, attribute) if {
	count(attribute.texts) == 1
	count(store.given) > 0
	not sets(store, attribute.name)
}

is_computed(store, attribute) if {
	count(store.given) == 0
	attribute.name in computed
}

# Whether the configuration sets an attribute or a block.
sets(store, name) if {
	some given in store.given
	walk(given.expressions, [path, _])
	concat(".", [key | some key in path; is_string(key)]) == name
}

# What is kept in several regions unless a place is said.
needed(store) := {{"path": path, "why": why} |
	some switch, place in read.object_at(store.kept, "needs")
	some attribute in store.attributes
	attribute.name == switch
	attribute.value == true
	not says(store.attributes, place)
	path := pointer.join("", array.concat(store.path, attribute.path))
	why := sprintf("its backups are kept in several regions, since it says no %s", [place])
}

says(attributes, name) if {
	some attribute in attributes
	attribute.name == name
}

# Where the copies are that geo-redundancy makes of data in some places.
pairs(store, placed) := {{"path": path, "name": "", "value": value} |
	some path in asked(store)
	some place in placed
	value := regions.pair(place.value)
}

asked(store) := {pointer.join("", array.concat(store.path, attribute.path)) |
	some attribute in store.attributes
	geo_redundancy.is_asked(attribute.name, attribute.value)
}

unpaired(store, paired) := {{"path": path, "why": "it asks for copies in the paired region, and none is known"} |
	paired == set()
	some path in asked(store)
}
