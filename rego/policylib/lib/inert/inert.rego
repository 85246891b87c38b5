# METADATA
# title: Inert kinds
# description: Kinds that never run a container, though their text or schema may look as if they did.
package policylib.lib.inert

import rego.v1

import data.policylib.lib.workloads

# Kinds in lower case, by their group: parts of Kubernetes, policy engines whose rules hold examples
# of containers, and kinds that carry values, which digest.values_pinned judges. Groups whose kinds
# never look like containers need no entry.
kinds := {
	"": {
		"binding", "componentstatus", "configmap", "endpoints", "event", "limitrange", "namespace",
		"node", "persistentvolume", "persistentvolumeclaim", "resourcequota", "secret", "service",
		"serviceaccount",
	},
	"admissionregistration.k8s.io": {
		"mutatingadmissionpolicy", "mutatingadmissionpolicybinding", "mutatingwebhookconfiguration",
		"validatingadmissionpolicy", "validatingadmissionpolicybinding",
		"validatingwebhookconfiguration",
	},
	"apiextensions.k8s.io": {"customresourcedefinition"},
	"apiregistration.k8s.io": {"apiservice"},
	"argoproj.io": {"application", "applicationset", "appproject"},
	"autoscaling": {"horizontalpodautoscaler", "scale"},
	"certificates.k8s.io": {"certificatesigningrequest"},
	"config.gatekeeper.sh": {"config"},
	"coordination.k8s.io": {"lease"},
	"discovery.k8s.io": {"endpointslice"},
	"expansion.gatekeeper.sh": {"expansiontemplate"},
	"gateway.networking.k8s.io": {"gateway", "gatewayclass", "grpcroute", "httproute"},
	"helm.fluxcd.io": {"helmrelease"},
	"helm.toolkit.fluxcd.io": {"helmrelease"},
	"kustomize.config.k8s.io": {"component", "kustomization"},
	"kustomize.toolkit.fluxcd.io": {"kustomization"},
	"kyverno.io": {
		"cleanuppolicy", "clustercleanuppolicy", "clusterpolicy", "policy", "policyexception",
	},
	"mutations.gatekeeper.sh": {"assign", "assignimage", "assignmetadata", "modifyset"},
	"networking.k8s.io": {"ingress", "ingressclass", "networkpolicy"},
	"policies.kyverno.io": {
		"deletingpolicy", "generatingpolicy", "imagevalidatingpolicy", "mutatingpolicy",
		"policyexception", "validatingpolicy",
	},
	"policy": {"poddisruptionbudget", "podsecuritypolicy"},
	"policylib.dev": {"egressevent", "helmvalues", "imagefacts", "servicecatalog", "terraformplan", "transferrequest"},
	"rbac.authorization.k8s.io": {"clusterrole", "clusterrolebinding", "role", "rolebinding"},
	"scheduling.k8s.io": {"priorityclass"},
	"storage.k8s.io": {"csidriver", "csinode", "storageclass", "volumeattachment"},
	"templates.gatekeeper.sh": {"constrainttemplate"},
}

is_inert(group, kind) if kinds[group][kind]

# The kinds of constraints are whatever their templates name them.
is_inert("constraints.gatekeeper.sh", kind) if {
	kind != ""
	not is_workload(kind)
}

is_workload(kind) if workloads.known("", kind)
