# METADATA
# title: Locations
# description: Every location that the document under review names, for which data classes and whose data.
package policylib.lib.locations

import rego.v1

import data.policylib.lib.images.runs
import data.policylib.lib.phrases
import data.policylib.lib.regions
import data.policylib.lib.residency_nodes.avoided
import data.policylib.lib.residency_nodes.chosen
import data.policylib.lib.residency_workloads.classes as workload_classes
import data.policylib.lib.residency_workloads.locations as workload_locations
import data.policylib.lib.residency_workloads.tenants as workload_tenants
import data.policylib.lib.transfers.classes as transfer_classes
import data.policylib.lib.transfers.ends
import data.policylib.lib.transfers.is_transfer
import data.policylib.lib.transfers.others
import data.policylib.lib.transfers.tenants as transfer_tenants

# Each location as path, value and end: "from" and "to" of a transfer, "region" where data stays. The
# body is the part of a transfer that names it.
named contains {"path": one.path, "value": one.value, "end": "region", "body": ""} if {
	runs
	some one in (workload_locations | chosen)
}

named contains {"path": one.path, "value": one.value, "end": "region", "body": ""} if {
	is_transfer
	some one in others
}

named contains one if some one in ends

# Each data class as path and value.
classes contains one if {
	runs
	some one in workload_classes
}

classes contains one if {
	is_transfer
	some one in transfer_classes
}

# Each tenant as path and value.
tenants contains one if {
	runs
	some one in workload_tenants
}

tenants contains one if {
	is_transfer
	some one in transfer_tenants
}

# Whatever has to be permitted: each location with each class.
asked contains {"path": one.path, "region": one.value, "end": one.end, "body": one.body, "data_class": class.value} if {
	some one in named
	some class in classes
}

stated := [location.value | some location in workload_locations]

# Where a workload may run although it does not say so, or may not although it does.
contradictions contains {"path": one.path, "msg": msg, "region": one.value, "data_class": ""} if {
	runs
	count(stated) > 0
	some one in chosen
	not regions.includes(stated, one.value)
	msg := sprintf("the workload is placed in %s and said to be in %s", [phrases.named(one.value), phrases.said(stated)])
}

contradictions contains {"path": one.path, "msg": msg, "region": one.value, "data_class": ""} if {
	runs
	some one in avoided
	some value in stated
	regions.includes([one.value], value)
	msg := sprintf("the workload is kept out of %s and said to be in it", [phrases.named(one.value)])
}
