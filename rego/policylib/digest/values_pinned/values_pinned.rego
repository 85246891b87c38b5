# METADATA
# title: Values pin images by digest
# description: >-
#   Values and overrides that choose an image choose it by digest: Helm values, Argo CD applications,
#   Flux releases and kustomizations. It is known here earlier than in what they render to.
# scope: package
package policylib.digest.values_pinned

import rego.v1

import data.policylib.lib.argo
import data.policylib.lib.flux
import data.policylib.lib.helm
import data.policylib.lib.image
import data.policylib.lib.kustomize

violation contains {"msg": msg, "details": {"path": fault.path, "image": fault.image}} if {
	some fault in (((helm.faults | argo.faults) | flux.faults) | kustomize.faults)
	msg := image.message(fault.image, fault.why, fault.path)
}
