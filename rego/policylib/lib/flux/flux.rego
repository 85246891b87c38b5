# METADATA
# title: Flux
# description: The pieces of HelmRelease and Kustomization that choose images.
package policylib.lib.flux

import rego.v1

import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.group_kind
import data.policylib.lib.settings

releases := {"helm.toolkit.fluxcd.io/helmrelease", "helm.fluxcd.io/helmrelease"}

spec := read.at(document, "spec", null)

# Whatever the Kustomize within Flux changes.
kustomizes contains {"base": pointer.join("", ["spec", "postRenderers", i, "kustomize"]), "value": value} if {
	group_kind in releases
	some i, renderer in read.list(spec, "postRenderers")
	value := read.at(renderer, "kustomize", null)
}

kustomizes contains {"base": "/spec", "value": spec} if group_kind == "kustomize.toolkit.fluxcd.io/kustomization"

pieces contains {"form": "override", "path": "/spec/values", "value": read.at(spec, "values", null), "flat": false} if {
	group_kind in releases
}

pieces contains patches.gap(pointer.join("", ["spec", "valuesFrom", i]), unseen) if {
	group_kind in releases
	some i, _ in read.list(spec, "valuesFrom")
	not trusted
}

# Neither may be anything but a list.
pieces contains patches.gap(pointer.join("", ["spec", key]), "is not a list") if {
	group_kind in releases
	some key in ["postRenderers", "valuesFrom"]
	value := read.at(spec, key, null)
	not is_null(value)
	not is_array(value)
}

# What is put in the place of variables.
pieces contains {"form": "values", "path": path, "value": read.dig(spec, ["postBuild", "substitute"], null), "flat": false} if {
	group_kind == "kustomize.toolkit.fluxcd.io/kustomization"
	path := "/spec/postBuild/substitute"
}

pieces contains {"form": "images", "path": pointer.child(one.base, "images"), "value": images, "flat": false} if {
	some one in kustomizes
	images := read.at(one.value, "images", null)
}

pieces contains piece if {
	some one in kustomizes
	some piece in patches.pieces(one.base, one.value)
}

unseen := "takes values from an object whose contents are not seen here"

trusted if settings.get(["digest", "trust_values_from"], false) == true
