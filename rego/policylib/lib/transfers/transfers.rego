# METADATA
# title: Transfers
# description: What a TransferRequest or an EgressEvent says of data that stays in a region or moves between two.
package policylib.lib.transfers

import rego.v1

import data.policylib.lib.phrases
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.residency_nodes.chosen
import data.policylib.lib.residency_workloads
import data.policylib.lib.review.api_group
import data.policylib.lib.review.document
import data.policylib.lib.review.kind

# What is said of the document, not of the data.
envelope := {"apiVersion", "kind", "metadata", "request"}

# Whatever its group: a slip there does not take a transfer out of sight.
default is_transfer := false

is_transfer if kind in {"egressevent", "transferrequest"}

# A kind of our own that nobody knows, or that is misspelt, is one if it speaks like one.
is_transfer if {
	api_group == "policylib.dev"
	some key in ["data_class", "from", "request", "to"]
	says(document, key)
}

# Where data is described, by pointer: under request, or at the root, or both.
bodies[path] := part if {
	is_transfer
	parts := {"/request": read.at(document, "request", null), "": object.remove(document, envelope)}
	some path, part in parts
	is_described(path, part)
}

is_described("/request", _) if requested

is_described("", _) if not requested

is_described("", part) if count(part) > 0

default requested := false

requested if says(document, "request")

# The ends that each of them has to name: from and to if it names either, the plan's region if it names
# that or stands under request. A root beside a request need not name any.
demanded[path] := ends if {
	some path, body in bodies
	said := {end | some end in ["from", "region", "to"]; says(body, end)}
	ends := completed(said, path, count(bodies))
}

says(x, key) if key in keys(x)

keys(x) := object.keys(x) if is_object(x)

completed(said, path, parts) := said | {"from", "to"} if {
	count(said - {"region"}) > 0
} else := {"region"} if {
	count(said) > 0
} else := {"region"} if {
	path == "/request"
} else := {"from", "to"} if {
	parts == 1
} else := set()

# Those that move data.
routes contains path if {
	some path, ends_of in demanded
	"from" in ends_of
}

steps := {"from": ["from", "region"], "region": ["region"], "to": ["to", "region"]}

# The ends, each with the body that names it, path and value.
ends contains {"body": path, "end": end, "path": pointer.join(path, at), "value": value} if {
	some path, names in demanded
	some end, at in steps
	end in names
	value := read.dig(bodies[path], at, null)
}

classes contains {"path": concat("", [path, "/data_class"]), "value": value} if {
	some path, body in bodies
	needs_class(body, demanded[path])
	some value in phrases.several(read.at(body, "data_class", null))
}

classes contains class if some class in residency_workloads.of("data_class")

needs_class(_, ends) if count(ends) > 0

needs_class(body, _) if says(body, "data_class")

# Locations that are neither end: those of labels.
others := residency_workloads.of("region") | chosen

tenants contains {"path": concat("", [path, "/tenant"]), "value": value} if {
	some path, body in bodies
	not is_null(read.at(body, "tenant", null))
	some value in phrases.several(body.tenant)
}

tenants contains tenant if some tenant in residency_workloads.of("tenant")
