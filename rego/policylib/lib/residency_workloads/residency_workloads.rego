# METADATA
# title: Where a workload belongs
# description: >-
#   The regions, data classes and tenants that a resource states in its labels and annotations, or
#   else those of its service in the catalog.
package policylib.lib.residency_workloads

import rego.v1

import data.policylib.lib.images.runs
import data.policylib.lib.labels.keys
import data.policylib.lib.labels.said
import data.policylib.lib.nested_labels.said as nested
import data.policylib.lib.phrases
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.settings

# Every value that is stated: name (region, data_class, tenant, service), path and value.
stated contains {"name": one.name, "path": one.path, "value": value} if {
	some one in (said | nested)
	some value in phrases.several(one.value)
}

# What the catalog says of each service that is named, with the path of the name.
registered contains {"name": key, "path": one.path, "value": value, "service": one.value} if {
	some one in of("service")
	some key in ["data_classes", "regions"]
	some value in phrases.several(in_catalog(one.value, key))
}

in_catalog(service, key) := value if {
	is_string(service)
	value := settings.get(["catalog", "services", service, key], null)
	not is_null(value)
}

of(name) := values(stated, name)

from_catalog(key) := values(registered, key)

values(statements, name) := {{"path": one.path, "value": one.value} | some one in statements; one.name == name}

# A label says more of one workload than the catalog says of its service.
locations := first(of("region"), from_catalog("regions"))

classes := first(of("data_class"), from_catalog("data_classes"))

tenants := of("tenant")

first(xs, ys) := xs if {
	count(xs) > 0
} else := ys

# What does not say, or says too much: path, msg, region and data_class.
faults contains {"path": place, "msg": msg, "region": "", "data_class": ""} if {
	runs
	count(locations) == 0
	place := pointer.join("/metadata/labels", [read.text(keys, "region")])
	msg := sprintf("no region is said, by the label %s or by the service in the catalog", [read.text(keys, "region")])
}

faults contains {"path": place, "msg": msg, "region": "", "data_class": ""} if {
	runs
	count(classes) == 0
	place := pointer.join("/metadata/labels", [read.text(keys, "data_class")])
	msg := sprintf("no data class is said, by the label %s or by the service in the catalog", [read.text(keys, "data_class")])
}

# A label narrows what the catalog says, and cannot make of a service what it is not; nor can the
# name of another service.
faults contains {"path": class.path, "msg": msg, "region": "", "data_class": class.value} if {
	runs
	some known in by_service("data_classes")
	some class in classes
	not has(known, class.value)
	msg := sprintf("the service has no data class %s in the catalog", [phrases.named(class.value)])
}

faults contains {"path": location.path, "msg": msg, "region": location.value, "data_class": ""} if {
	runs
	some known in by_service("regions")
	some location in locations
	not regions.includes(known, location.value)
	msg := sprintf("the service has no region %s in the catalog", [phrases.named(location.value)])
}

# What the catalog says of each service by itself.
by_service(key) := {known |
	some one in registered
	one.name == key
	known := {entry.value | some entry in registered; entry.name == key; entry.service == one.service}
}

has(known, value) if value in known
