# METADATA
# title: Tenants
# description: Where what belongs to a tenant is, although the tenant's regions or those of the data's class do not permit it.
package policylib.lib.tenants

import rego.v1

import data.policylib.lib.locations.asked
import data.policylib.lib.locations.named
import data.policylib.lib.locations.tenants
import data.policylib.lib.phrases
import data.policylib.lib.pipelines
import data.policylib.lib.regions
import data.policylib.lib.residency
import data.policylib.lib.settings

# Path, tenant, region and msg.
faults contains {"path": tenant.path, "tenant": tenant.value, "region": "", "msg": msg} if {
	some tenant in tenants
	not listed(tenant.value)
	msg := concat(" ", ["residency.tenants has no such tenant:", phrases.named(tenant.value)])
}

faults contains {"path": one.path, "tenant": tenant.value, "region": one.value, "msg": msg} if {
	some tenant in tenants
	permitted := listed(tenant.value)
	some one in named
	not regions.covers(permitted, one.value)
	words := [phrases.shown(tenant.value), phrases.said(permitted), phrases.named(one.value)]
	msg := sprintf("data of tenant %s must stay in %s, not in %s", words)
}

# What an allow-listed pipeline carries out of the regions of its class still stays in the tenant's.
faults contains {"path": one.path, "tenant": tenant.value, "region": one.region, "msg": msg} if {
	some tenant in tenants
	some one in asked
	regions.covers(listed(tenant.value), one.region)
	not pipelines.is_excused(one)
	some reason in residency.refusals([one.data_class], one.region)
	msg := sprintf("tenant %s: %s", [phrases.shown(tenant.value), reason])
}

# The regions of a tenant; undefined for one that the settings do not know.
listed(tenant) := permitted if {
	is_string(tenant)
	permitted := settings.get(["residency", "tenants", tenant], null)
	is_array(permitted)
}
