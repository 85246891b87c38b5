# METADATA
# title: Volumes
# description: >-
#   Volumes and the classes that make them or their snapshots: of which data, where, and what they
#   leave open. A class that names no place leaves that to the claims.
package policylib.lib.volumes

import rego.v1

import data.policylib.lib.geo_redundancy
import data.policylib.lib.place_names
import data.policylib.lib.places
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.residency_workloads.classes as workload_classes
import data.policylib.lib.residency_workloads.locations as workload_locations
import data.policylib.lib.residency_workloads.tenants as workload_tenants
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.kind

# A group without a dot is never a custom resource's.
is_core if not contains(api_group, ".")

is_core if endswith(api_group, ".k8s.io")

is_volume if {
	kind == "persistentvolume"
	is_core
}

is_class if {
	kind in {"storageclass", "volumesnapshotclass"}
	is_core
}

# A volume always keeps data, and a class once it says where, or that there are copies elsewhere.
stores := [{"name": name, "kind": kind_of, "classes": classes, "tenants": tenants, "places": (placed | pairs), "gaps": gaps} |
	is_judged
	kind_of := read.text(document, "kind")
	name := read.text(read.object_at(document, "metadata"), "name")
	classes := {one.value | some one in workload_classes}
	tenants := {one.value | some one in workload_tenants}
]

is_judged if is_volume

is_judged if {
	is_class
	count(placed) + count(copied) > 0
}

# What labels, selections and keys say, and what a volume's names and addresses hold.
placed contains one if some one in workload_locations

placed contains {"path": pointer.join("", place.path), "value": place.value} if {
	some place in ((places.stated(told) | places.chosen(told)) | place_names.within(named))
}

told := {
	"allowedTopologies": read.at(document, "allowedTopologies", null),
	"metadata": object.filter(read.object_at(document, "metadata"), ["annotations", "labels"]),
	"parameters": read.at(document, "parameters", null),
	"spec": read.at(document, "spec", null),
}

named := object.filter(told, ["spec"]) if {
	is_volume
} else := {"mountOptions": read.list(document, "mountOptions")}

# Parameters that ask for copies in the paired region.
copied contains pointer.join("", ["parameters", key]) if {
	some key, value in read.object_at(document, "parameters")
	geo_redundancy.is_asked(key, value)
}

# Where those are, as far as anybody knows.
pairs contains {"path": one, "value": pair} if {
	some one in copied
	some place in placed
	pair := regions.pair(place.value)
}

gaps contains {"path": "", "why": "no data class is declared"} if count(workload_classes) == 0

gaps contains {"path": "", "why": "no location is declared"} if count(placed) == 0

gaps contains {"path": one, "why": "it asks for copies in the paired region, and none is known"} if {
	count(pairs) == 0
	some one in copied
}
