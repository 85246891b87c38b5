# METADATA
# title: Carried values
# description: What is wrong in whatever a kind carries that chooses images, and where those are from.
package policylib.lib.carried

import rego.v1

import data.policylib.lib.argo.pieces as argo_pieces
import data.policylib.lib.choices
import data.policylib.lib.flux.pieces as flux_pieces
import data.policylib.lib.helm.pieces as helm_pieces
import data.policylib.lib.kustomize.pieces as kustomize_pieces
import data.policylib.lib.review.group_kind

# A kustomization may leave out what it is.
readers := {
	"/component": "kustomize",
	"/helmchartinflationgenerator": "kustomize",
	"/imagetagtransformer": "kustomize",
	"/kustomization": "kustomize",
	"/patchjson6902transformer": "kustomize",
	"/patchstrategicmergetransformer": "kustomize",
	"/patchtransformer": "kustomize",
	"/replacementtransformer": "kustomize",
	"argoproj.io/application": "argo",
	"argoproj.io/applicationset": "argo",
	"helm.fluxcd.io/helmrelease": "flux",
	"helm.toolkit.fluxcd.io/helmrelease": "flux",
	"kustomize.config.k8s.io/": "kustomize",
	"kustomize.config.k8s.io/component": "kustomize",
	"kustomize.config.k8s.io/kustomization": "kustomize",
	"kustomize.toolkit.fluxcd.io/kustomization": "flux",
	"policylib.dev/helmvalues": "helm",
	"policylib.dev/servicecatalog": "helm",
	"policylib.dev/terraformplan": "helm",
	"policylib.dev/transferrequest": "helm",
}

reader := readers[group_kind]

default pieces := set()

pieces := argo_pieces if reader == "argo"

pieces := flux_pieces if reader == "flux"

pieces := helm_pieces if reader == "helm"

pieces := kustomize_pieces if reader == "kustomize"

# A set of path, image and why.
faults contains fault if {
	some piece in pieces
	some fault in choices.faults(piece)
}

# A set of path, image and of, as lib/origins says.
named contains origin if {
	some piece in pieces
	some origin in choices.named(piece)
}
