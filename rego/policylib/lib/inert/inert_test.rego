package policylib.lib.inert_test

import rego.v1

import data.policylib.lib.inert

test_inert if {
	every case in [
		["", "configmap"],
		["apiextensions.k8s.io", "customresourcedefinition"],
		["kyverno.io", "clusterpolicy"],
		["constraints.gatekeeper.sh", "k8srequireimagedigest"],
		["autoscaling", "horizontalpodautoscaler"],
		["argoproj.io", "application"],
		["policylib.dev", "helmvalues"],
	] {
		inert.is_inert(case[0], case[1])
	}
}

test_not_inert if {
	every case in [
		["", "pod"],
		["example.com", "configmap"],
		["policy", ""],
		["policylib.dev", "anything"],
		["kyverno.io", "pod"],
		["templates.gatekeeper.sh", "job"],
		["apiextensions.k8s.io", "deployment"],
		["constraints.gatekeeper.sh", "pod"],
		["constraints.gatekeeper.sh", ""],
		["argoproj.io", "workflow"],
		["", ""],
	] {
		not inert.is_inert(case[0], case[1])
	}
}

test_kinds_of_each_group if {
	every group, names in {
		"": [
			"binding", "componentstatus", "configmap", "endpoints", "event", "limitrange", "namespace", "node", "persistentvolume",
			"persistentvolumeclaim", "resourcequota", "secret", "service", "serviceaccount",
		],
		"admissionregistration.k8s.io": [
			"mutatingadmissionpolicy", "mutatingadmissionpolicybinding", "mutatingwebhookconfiguration", "validatingadmissionpolicy",
			"validatingadmissionpolicybinding", "validatingwebhookconfiguration",
		],
		"apiregistration.k8s.io": ["apiservice"],
		"argoproj.io": ["application", "applicationset", "appproject"],
		"autoscaling": ["horizontalpodautoscaler", "scale"],
		"certificates.k8s.io": ["certificatesigningrequest"],
		"config.gatekeeper.sh": ["config"],
		"coordination.k8s.io": ["lease"],
		"discovery.k8s.io": ["endpointslice"],
		"expansion.gatekeeper.sh": ["expansiontemplate"],
		"gateway.networking.k8s.io": ["gateway", "gatewayclass", "grpcroute", "httproute"],
		"helm.fluxcd.io": ["helmrelease"],
		"helm.toolkit.fluxcd.io": ["helmrelease"],
		"kustomize.config.k8s.io": ["component", "kustomization"],
		"kustomize.toolkit.fluxcd.io": ["kustomization"],
		"kyverno.io": ["cleanuppolicy", "clustercleanuppolicy", "clusterpolicy", "policy", "policyexception"],
		"mutations.gatekeeper.sh": ["assign", "assignimage", "assignmetadata", "modifyset"],
		"networking.k8s.io": ["ingress", "ingressclass", "networkpolicy"],
		"policies.kyverno.io": [
			"deletingpolicy", "generatingpolicy", "imagevalidatingpolicy", "mutatingpolicy", "policyexception", "validatingpolicy",
		],
		"policy": ["poddisruptionbudget", "podsecuritypolicy"],
		"policylib.dev": ["egressevent", "helmvalues", "imagefacts", "servicecatalog", "terraformplan", "transferrequest"],
		"rbac.authorization.k8s.io": ["clusterrole", "clusterrolebinding", "role", "rolebinding"],
		"scheduling.k8s.io": ["priorityclass"],
		"storage.k8s.io": ["csidriver", "csinode", "storageclass", "volumeattachment"],
		"templates.gatekeeper.sh": ["constrainttemplate"],
	} {
		every name in names {
			inert.is_inert(group, name)
		}
	}
}
