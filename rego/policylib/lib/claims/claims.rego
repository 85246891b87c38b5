# METADATA
# title: Claims
# description: >-
#   The claims to storage that a resource makes: itself, or by templates wherever they stand. What a
#   template does not say of its data, its workload says.
package policylib.lib.claims

import rego.v1

import data.policylib.lib.labels.keys
import data.policylib.lib.place_names
import data.policylib.lib.places
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.residency
import data.policylib.lib.residency_workloads.classes as workload_classes
import data.policylib.lib.residency_workloads.locations as workload_locations
import data.policylib.lib.residency_workloads.tenants as workload_tenants
import data.policylib.lib.review.api_group
import data.policylib.lib.review.class
import data.policylib.lib.review.document
import data.policylib.lib.review.kind

# Each claim with the path to where it stands.
sources contains {"path": [], "claim": document} if {
	kind == "persistentvolumeclaim"
	not contains(api_group, ".")
}

# Without a kind, what looks like a claim is one.
sources contains {"path": [], "claim": document} if {
	kind == ""
	not is_null(read.dig(document, ["spec", "resources", "requests", "storage"], null))
}

sources contains {"path": array.concat(template.path, member.below), "claim": member.claim} if {
	some template in templates
	some member in members(template.value)
}

# Most resources claim nothing, and are walked in vain. A status reports and a schema describes.
templates := [{"path": path, "value": value} |
	class != "inert"
	text := lower(json.marshal(document))
	regex.match(`"(?:pvc|volumeclaim)templates?"`, text)
	walk(document, [path, value])
	key := path[count(path) - 1]
	is_template(key)
	path[0] != "status"
	not describes(path)
]

is_template(key) if {
	is_string(key)
	regex.match(`\A(?:pvc|volumeclaim)templates?\z`, lower(key))
}

describes(path) if "openAPIV3Schema" in path

# One or a list of them.
members(value) := [{"below": [i], "claim": item} | some i, item in value] if {
	is_array(value)
} else := [{"below": [], "claim": value} | not is_null(value)]

stores := [{"name": name, "classes": classes, "tenants": tenants, "places": found, "gaps": gaps} |
	some source in sources
	path := pointer.join("", source.path)
	name := read.text(read.object_at(source.claim, "metadata"), "name")
	classes := values(first(spoken(source, read.text(keys, "data_class")), workload_classes))
	tenants := values(first(spoken(source, read.text(keys, "tenant")), workload_tenants))
	found := first(places_of(source, read.text(keys, "region")), workload_locations)
	gaps := {{"path": path, "why": why} | some why in unsaid(classes, found)}
]

# What a claim says of itself goes before what its workload says.
first(own, workload) := own if {
	count(own) > 0
} else := workload

values(statements) := {one.value | some one in statements}

unsaid(classes, found) := {"no data class is declared" | classes == set()} | {"no location is declared" | found == set()}

spoken(source, key) := {{"path": path, "value": value} |
	some map in ["annotations", "labels"]
	raw := read.at(read.at(read.at(source.claim, "metadata", null), map, null), key, null)
	not is_null(raw)
	some value in residency.several(raw)
	path := pointer.join("", array.concat(source.path, ["metadata", map, key]))
}

# Where a claim says that its data is, by labels, by what it selects, and by the names that it uses.
places_of(source, key) := spoken(source, key) | {{"path": path, "value": place.value} |
	told := {
		"metadata": object.filter(read.object_at(source.claim, "metadata"), ["annotations", "labels"]),
		"spec": read.at(source.claim, "spec", null),
	}
	named := {"spec": object.filter(read.object_at(source.claim, "spec"), ["storageClassName", "volumeName"])}
	some place in ((places.stated(told) | places.chosen(told)) | place_names.within(named))
	path := pointer.join("", array.concat(source.path, place.path))
}
