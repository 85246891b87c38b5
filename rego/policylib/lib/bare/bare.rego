# METADATA
# title: Bare documents
# description: >-
#   Gives a document without apiVersion and kind the envelope that the rules know it by, as the reader
#   of policylib does; only that one knows file names.
package policylib.lib.bare

import rego.v1

import data.policylib.lib.read

enveloped(document) := completed(document, "policylib.dev/v1", kind) if {
	is_bare(document)
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
	is_null(read.at(document, "apiVersion", null))
	is_null(read.at(document, "kind", null))
}

# The kind of what is known by its keys; undefined for anything else.
shape(document) := "ServiceCatalog" if {
	is_catalog(document)
} else := "TransferRequest" if {
	is_request(document)
} else := "TerraformPlan" if {
	is_plan(document)
}

# Some service says what only a service of a catalog says.
is_catalog(document) if {
	some service in read.object_at(document, "services")
	has(service, {"oncall", "owner", "tier"})
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
	has(document, {"planned_values", "resource_changes", "values"})
}

has(x, keys) if {
	is_object(x)
	count(object.keys(x) & keys) > 0
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
