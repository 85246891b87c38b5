# METADATA
# title: Terraform storage
# description: >-
#   What a plan keeps: of which data classes, where, with all copies, and what it leaves open.
package policylib.lib.terraform_storage

import rego.v1

import data.policylib.lib.pointer
import data.policylib.lib.terraform_gaps
import data.policylib.lib.terraform_links
import data.policylib.lib.terraform_places
import data.policylib.lib.terraform_stores.class_key
import data.policylib.lib.terraform_stores.stores as kept
import data.policylib.lib.terraform_stores.tenant_key
import data.policylib.lib.terraform_tags

# A store and those that it names are judged as one: what each holds, wherever each is.
stores := [{"name": store.address, "classes": classes, "tenants": tenants, "places": (placed | pairs), "gaps": gaps} |
	some store in kept
	meant := array.concat(terraform_links.targets(store, kept), members(store, kept))
	classes := said(store, "classes", meant, class_key)
	tenants := said(store, "tenants", meant, tenant_key)
	placed := places_of(store, meant)
	pairs := terraform_gaps.pairs(store, placed)
	open := gaps_of(store, classes, placed) | terraform_gaps.unpaired(store, pairs)
	gaps := open | terraform_links.gaps(store, meant)
]

# What spans several stores is named by them.
members(store, stores) := [{"name": "members", "store": member, "values": set(), "referred": set()} |
	store.kept.spans
	some member in stores
	count(terraform_links.targets(member, [store])) > 0
]

# What no tag says, the default tags of its provider say.
said(store, name, meant, key) := values if {
	values := store[name] | {other | some link in meant; some other in link.store[name]}
	values != set()
} else := terraform_tags.defaults(store.given, key)

places_of(store, meant) := (terraform_places.stated(store) | terraform_links.stated(store)) | {place |
	some link in meant
	some found in terraform_places.stated(link.store)
	place := {"path": pointer.join("", store.path), "name": link.name, "value": found.value}
}

gaps_of(store, classes, placed) := ({{"path": path, "why": "no data class is declared"} |
	classes == set()
	not is_holder(store)
	path := pointer.join("", store.path)
} | {{"path": path, "why": "no location is known before apply"} |
	not terraform_places.is_home(store, placed)
	path := pointer.join("", store.path)
}) | (terraform_gaps.unknown(store) | terraform_gaps.needed(store))

# What only holds other stores need not say of which class their data are.
is_holder(store) if store.kept.holds
