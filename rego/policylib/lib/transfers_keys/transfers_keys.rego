# METADATA
# title: Keys of transfers
# description: >-
#   Every key of a TransferRequest or an EgressEvent that has no meaning there. Any could hold one more
#   location (regions, replicas, backup, cdn, sub_processors), so that none is passed over.
package policylib.lib.transfers_keys

import rego.v1

import data.policylib.lib.phrases
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.transfers.bodies
import data.policylib.lib.transfers.is_transfer

body_keys := {"bytes", "data_class", "destination", "from", "pipeline", "purpose", "region", "tenant", "time", "to", "workload"}

end_keys := {"region"}

# Those of any object of Kubernetes.
metadata_keys := {
	"annotations", "creationTimestamp", "finalizers", "generateName", "generation", "labels", "managedFields", "name", "namespace",
	"ownerReferences", "resourceVersion", "selfLink", "uid",
}

# Each stray key as path and msg, with the body that it belongs to.
strays contains {"body": path, "path": pointer.child(path, key), "msg": message(key)} if {
	some path, body in bodies
	some key in (keys(body) - body_keys)
}

strays contains {"body": path, "path": pointer.join(path, [end, key]), "msg": message(key)} if {
	some path, body in bodies
	some end in ["from", "to"]
	some key in (keys(read.at(body, end, null)) - end_keys)
}

strays contains {"body": "", "path": pointer.join("/metadata", [key]), "msg": message(key)} if {
	is_transfer
	some key in (keys(read.at(document, "metadata", null)) - metadata_keys)
}

message(key) := sprintf("a transfer has no key %s, and it may hide a location", [phrases.shown(key)])

keys(x) := object.keys(x) if is_object(x)
