# METADATA
# title: Flux
# description: What is wrong in the values and image overrides of HelmRelease and Kustomization.
package policylib.lib.flux

import rego.v1

import data.policylib.lib.overrides
import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.settings
import data.policylib.lib.values

releases := {"helm.toolkit.fluxcd.io/helmrelease", "helm.fluxcd.io/helmrelease"}

spec := read.at(document, "spec", null)

faults contains fault if {
	group_kind in releases
	some fault in values.in_override("/spec/values", read.at(spec, "values", null))
}

faults contains {"path": pointer.join("", ["spec", "valuesFrom", i]), "image": "", "why": unseen} if {
	group_kind in releases
	some i, _ in read.list(spec, "valuesFrom")
	not trusted
}

# Neither may be anything but a list.
faults contains {"path": pointer.join("", ["spec", key]), "image": "", "why": "is not a list"} if {
	group_kind in releases
	some key in ["postRenderers", "valuesFrom"]
	value := read.at(spec, key, null)
	not is_null(value)
	not is_array(value)
}

faults contains fault if {
	group_kind in releases
	some i, renderer in read.list(spec, "postRenderers")
	base := pointer.join("", ["spec", "postRenderers", i, "kustomize", "images"])
	some fault in overrides.faults(base, read.dig(renderer, ["kustomize", "images"], null))
}

faults contains fault if {
	group_kind in releases
	some i, renderer in read.list(spec, "postRenderers")
	base := pointer.join("", ["spec", "postRenderers", i, "kustomize"])
	some fault in patches.faults(base, read.at(renderer, "kustomize", null))
}

faults contains fault if {
	group_kind == "kustomize.toolkit.fluxcd.io/kustomization"
	some fault in patches.faults("/spec", spec)
}

faults contains fault if {
	group_kind == "kustomize.toolkit.fluxcd.io/kustomization"
	some fault in overrides.faults("/spec/images", read.at(spec, "images", null))
}

unseen := "takes values from an object whose contents are not seen here"

trusted if settings.get(["digest", "trust_values_from"], false) == true
