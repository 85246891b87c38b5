# METADATA
# title: Storage
# description: Whatever a document keeps data in, and why the data may not be where it is, or nobody knows.
package policylib.lib.storage

import rego.v1

import data.policylib.lib.claims.stores as claims
import data.policylib.lib.mounts.stores as mounts
import data.policylib.lib.regions
import data.policylib.lib.residency
import data.policylib.lib.tenants
import data.policylib.lib.terraform_faults.faults as plan_faults
import data.policylib.lib.terraform_storage.stores as resources
import data.policylib.lib.volumes.stores as volumes

# Each with what to call it.
stores contains object.union(claim, {"what": named("claim", claim.name)}) if some claim in claims

stores contains object.union(mount, {"what": named("volume", mount.name)}) if some mount in mounts

stores contains object.union(volume, {"what": named(volume.kind, volume.name)}) if some volume in volumes

stores contains object.union(resource, {"what": residency.printable(resource.name)}) if some resource in resources

named(kind, name) := sprintf("%s %s", [kind, residency.shown(name)]) if {
	name != ""
} else := kind

# Path and msg, with the region, the data class and the tenant that are meant.
faults contains {"msg": sprintf("%s: %s", [store.what, gap.why]), "path": gap.path} if {
	some store in stores
	some gap in store.gaps
}

faults contains {"msg": sprintf("%s: %s", [store.what, reason]), "path": place.path, "region": place.value, "data_class": class} if {
	some store in stores
	some place in store.places
	some said in store.classes
	some class in residency.several(said)
	reason := residency.refusal(class, place.value)
	reason != ""
}

faults contains {"msg": sprintf("%s: %s", [store.what, reason]), "path": place.path, "region": place.value, "tenant": tenant} if {
	some store in stores
	some place in store.places
	some said in store.tenants
	some tenant in residency.several(said)
	reason := tenant_refusal(tenant, place.value)
}

faults contains {"msg": sprintf("the plan %s", [fault.why]), "path": fault.path} if some fault in plan_faults

# Why a tenant's data may not be in a place; undefined where they may.
tenant_refusal(tenant, place) := reason if {
	permitted := tenants.listed(tenant)
	not regions.covers(permitted, place)
	words := [residency.shown(tenant), residency.said(permitted), residency.named(place)]
	reason := sprintf("data of tenant %s must stay in %s, not in %s", words)
}

tenant_refusal(tenant, _) := reason if {
	not tenants.listed(tenant)
	reason := concat(" ", ["residency.tenants has no such tenant:", residency.named(tenant)])
}
