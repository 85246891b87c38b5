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
	every case in [
		["", "node"], ["", "serviceaccount"],
		["admissionregistration.k8s.io", "mutatingadmissionpolicy"],
		["admissionregistration.k8s.io", "validatingadmissionpolicy"],
		["admissionregistration.k8s.io", "validatingwebhookconfiguration"],
		["apiregistration.k8s.io", "apiservice"],
		["certificates.k8s.io", "certificatesigningrequest"],
		["config.gatekeeper.sh", "config"],
		["coordination.k8s.io", "lease"],
		["discovery.k8s.io", "endpointslice"],
		["expansion.gatekeeper.sh", "expansiontemplate"],
		["gateway.networking.k8s.io", "gateway"],
		["helm.fluxcd.io", "helmrelease"],
		["helm.toolkit.fluxcd.io", "helmrelease"],
		["kustomize.config.k8s.io", "kustomization"],
		["kustomize.toolkit.fluxcd.io", "kustomization"],
		["mutations.gatekeeper.sh", "assign"],
		["networking.k8s.io", "ingress"],
		["policies.kyverno.io", "deletingpolicy"],
		["policies.kyverno.io", "validatingpolicy"],
		["policy", "poddisruptionbudget"],
		["rbac.authorization.k8s.io", "role"],
		["scheduling.k8s.io", "priorityclass"],
		["storage.k8s.io", "storageclass"],
		["templates.gatekeeper.sh", "constrainttemplate"],
	] {
		inert.is_inert(case[0], case[1])
	}
}
