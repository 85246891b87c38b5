# METADATA
# title: Places of Terraform resources
# description: Where a resource that stores says that it is, or is by what its provider says.
package policylib.lib.terraform_places

import rego.v1

import data.policylib.lib.places
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.terraform_stores

# A set of path, name of the attribute and value. What is delivered from everywhere is everywhere.
stated(store) := {{"path": pointer.join("", store.path), "name": "", "value": "global"}} if {
	store.kept.global
} else := inherited(store, own(store))

# An attribute that stands in for another takes its place.
own(store) := {place |
	some place in spoken(store)
	other := read.text(read.object_at(store.kept, "instead"), place.name)
	not has(spoken(store), other)
}

spoken(store) := {{"path": path, "name": attribute.name, "value": value} |
	some attribute in store.attributes
	is_place(attribute, store.kept)
	path := pointer.join("", array.concat(store.path, attribute.path))
	some value in places.of_value(attribute.value)
}

is_place(attribute, _) if terraform_stores.is_place(attribute)

is_place(attribute, kept) if {
	attribute.name in kept.home
	not is_link(attribute.name, kept)
}

is_link(name, kept) if {
	some kind in ["from", "must", "to"]
	read.at(read.object_at(kept, kind), name, "") != ""
}

has(found, name) if {
	some place in found
	place.name == name
}

# A resource that does not say where its home is has it where its provider makes things, unless its
# configuration says it and nobody knows it yet.
inherited(store, found) := found if {
	is_home(store, found)
} else := found if {
	is_configured(store)
} else := found | {{"path": pointer.join("", store.path), "name": "", "value": value} |
	some given in store.given
	some key in store.kept.inherits
	some value in places.of_value(given[key])
}

# Whether some place is the resource's home.
is_home(store, found) if {
	some place in found
	is_named_home(place.name, store.kept.home)
}

is_named_home(name, home) if name in (home | {""})

is_named_home(_, home) if home == set()

is_configured(store) if {
	some given in store.given
	some key in store.kept.home
	not is_local(key, store.kept)
	read.says(given.expressions, key)
}

# Whether an attribute never leads out of the region.
is_local(name, kept) if name in kept.local
