# METADATA
# title: Carried values
# description: What is wrong in the values that a kind carries, by whoever reads them.
package policylib.lib.carried

import rego.v1

import data.policylib.lib.argo.faults as argo_faults
import data.policylib.lib.flux.faults as flux_faults
import data.policylib.lib.helm.faults as helm_faults
import data.policylib.lib.kustomize.faults as kustomize_faults
import data.policylib.lib.review.group_kind

# A kustomization may leave out what it is.
readers := {
	"/component": "kustomize",
	"/imagetagtransformer": "kustomize",
	"/kustomization": "kustomize",
	"argoproj.io/application": "argo",
	"argoproj.io/applicationset": "argo",
	"helm.fluxcd.io/helmrelease": "flux",
	"helm.toolkit.fluxcd.io/helmrelease": "flux",
	"kustomize.config.k8s.io/": "kustomize",
	"kustomize.config.k8s.io/component": "kustomize",
	"kustomize.config.k8s.io/kustomization": "kustomize",
	"kustomize.toolkit.fluxcd.io/kustomization": "flux",
	"policylib.dev/helmvalues": "helm",
}

reader := readers[group_kind]

default faults := set()

faults := argo_faults if reader == "argo"

faults := flux_faults if reader == "flux"

faults := helm_faults if reader == "helm"

faults := kustomize_faults if reader == "kustomize"
