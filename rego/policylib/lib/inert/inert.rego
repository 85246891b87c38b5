# METADATA
# title: Inert kinds
# description: Kinds that never run a container, though their text or schema may look as if they did.
package policylib.lib.inert

import rego.v1

core := {
	"binding", "componentstatus", "configmap", "endpoints", "event", "limitrange", "namespace",
	"node", "persistentvolume", "persistentvolumeclaim", "resourcequota", "secret", "service",
	"serviceaccount",
}

# Whole groups: parts of Kubernetes, policy engines whose rules hold examples of containers, and
# kinds that carry values, which digest.values_pinned judges.
groups := {
	"admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io",
	"authentication.k8s.io", "authorization.k8s.io", "autoscaling", "certificates.k8s.io",
	"config.gatekeeper.sh", "constraints.gatekeeper.sh", "coordination.k8s.io",
	"discovery.k8s.io", "events.k8s.io", "expansion.gatekeeper.sh",
	"externaldata.gatekeeper.sh", "flowcontrol.apiserver.k8s.io", "gateway.networking.k8s.io",
	"helm.fluxcd.io", "helm.toolkit.fluxcd.io", "internal.apiserver.k8s.io",
	"kustomize.config.k8s.io", "kustomize.toolkit.fluxcd.io", "kyverno.io", "metrics.k8s.io",
	"mutations.gatekeeper.sh", "networking.k8s.io", "node.k8s.io", "policies.kyverno.io",
	"policy", "policylib.dev", "rbac.authorization.k8s.io", "resource.k8s.io",
	"scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io", "templates.gatekeeper.sh",
}

argo := {"application", "applicationset", "appproject"}

is_inert("", kind) if kind in core

# Without a kind the group alone proves nothing.
is_inert(group, kind) if {
	kind != ""
	group in groups
}

is_inert("argoproj.io", kind) if kind in argo
