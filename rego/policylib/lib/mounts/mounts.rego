# METADATA
# title: Mounts
# description: The volumes that a pod names itself, without a claim, and that tell where their data is.
# related_resources:
#   - https://kubernetes.io/docs/concepts/storage/volumes/
package policylib.lib.mounts

import rego.v1

import data.policylib.lib.images.runs
import data.policylib.lib.place_names
import data.policylib.lib.places
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.residency_workloads.classes
import data.policylib.lib.residency_workloads.tenants
import data.policylib.lib.review.class
import data.policylib.lib.review.document
import data.policylib.lib.review.pod_specs
import data.policylib.lib.workloads

# What keeps nothing elsewhere, or is judged as a claim.
local := {
	"configMap", "downwardAPI", "emptyDir", "ephemeral", "gitRepo", "hostPath", "image", "name", "persistentVolumeClaim",
	"projected", "secret",
}

# The volumes of each pod spec, and whatever is called so in a kind that nobody declared.
lists[pointer.child(base, "volumes")] := read.list(workloads.spec_at(document, base), "volumes") if some base in pod_specs

lists[pointer.join("", path)] := volumes if {
	class == "undeclared"
	runs
	walk(document, [path, volumes])
	read.last(path) == "volumes"
	is_array(volumes)
}

# Of the data the workload says the class and the tenant.
stores := [store |
	some base, volumes in lists
	some i, volume in volumes
	not is_secrets(volume)
	found := {{"path": pointer.join(base, array.concat([i], one.path)), "value": one.value} | some one in told(volume)}
	count(found) > 0
	store := {
		"name": read.text(volume, "name"),
		"classes": {one.value | some one in classes},
		"tenants": {one.value | some one in tenants},
		"places": found,
		"gaps": set(),
	}
]

# The name of what fetches secrets may be any.
is_secrets(volume) if read.dig(volume, ["csi", "driver"], "") == "secrets-store.csi.k8s.io"

told(volume) := places.stated(source) | place_names.within(source) if {
	is_object(volume)
	source := object.remove(volume, local)
}
