# METADATA
# title: Bare documents
# description: >-
#   Gives a document without apiVersion and kind the envelope that the rules know it by, as the reader
#   of policylib does; only that one knows file names.
package policylib.lib.bare

import rego.v1

import data.policylib.lib.read

enveloped(document) := completed(document, "policylib.dev/v1", kind) if {
	may_be_ours(document)
	kind := shape(document)
} else := document if {
	not is_bare(document)
} else := document if {
	# What may run containers is judged as it stands, and all else as values.
	may_run_containers(document)
} else := completed(document, "kustomize.config.k8s.io/v1beta1", "Kustomization") if {
	is_kustomization(document)
} else := {
	"apiVersion": "policylib.dev/v1",
	"kind": "HelmValues",
	"metadata": {"name": "values"},
	"values": document,
}

completed(document, version, kind) := object.union(document, {"apiVersion": version, "kind": kind})

is_bare(document) if {
	is_object(document)
	not read.says(document, "apiVersion")
	not read.says(document, "kind")
}

may_be_ours(document) if is_bare(document)

may_be_ours(document) if {
	not read.says(document, "kind")
	startswith(read.text(document, "apiVersion"), "policylib.dev/")
}

# The kind of what is known by its keys; undefined for anything else.
shape(document) := "ServiceCatalog" if {
	is_catalog(document)
} else := "TransferRequest" if {
	is_request(document)
} else := "TerraformPlan" if {
	is_plan(document)
}

# Some service says, in any case, what only a service of a catalog says.
is_catalog(document) if {
	services := read.at(document, "services", null)
	type_name(services) in {"array", "object"}
	some service in services
	is_object(service)
	some key in object.keys(service)
	lower(key) in {"oncall", "owner", "tier"}
}

# In any spelling, so that a slip does not hide a request.
request_keys := {
	"data_class", "data_classes", "dataclass", "destination", "pipeline", "purpose", "region",
	"regions", "tenant",
}

is_request(document) if object.keys(document) == {"request"}

is_request(document) if {
	some key in object.keys(read.object_at(document, "request"))
	lower(key) in request_keys
}

is_plan(document) if {
	read.text(document, "format_version") != ""
	count(object.keys(document) & {"planned_values", "resource_changes", "values"}) > 0
}

# The keys, in lower case, under which a pod spec hangs at the root of an object.
carriers := {"containers", "ephemeralcontainers", "initcontainers", "items", "jobtemplate", "spec", "template"}

may_run_containers(document) if {
	some key, value in document
	lower(key) in carriers
	holds_object(value)
}

holds_object(value) if is_object(value)

holds_object(value) if {
	is_array(value)
	some item in value
	is_object(item)
}

is_kustomization(document) if {
	some image in read.list(document, "images")
	some key in ["newName", "newTag"]
	not is_null(read.at(image, key, null))
}
