# METADATA
# title: What must not stop runs more than once
# description: >-
#   What runs for a service has as many copies as the service's tier demands, an autoscaler leaves it as
#   many, and neither a disruption budget nor the catalog's word of one lets all of them go at once.
# scope: package
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Run at least the tier's number of copies, or leave replicas out, say `autoscaled: true` in the catalog
#     and set minReplicas; say in the catalog what the service's PodDisruptionBudget says, as in
#     `disruption_budget: {maxUnavailable: 1}`.
#   controls:
#     - NIST SP 800-53, CP-10
#     - ISO/IEC 27001:2022, A.8.14
#     - "GDPR, Art. 32(1)(b)"
#   parameters:
#     type: object
#     additionalProperties: false
#     properties:
#       bronze: &tier
#         description: What a bronze service has to promise and keep.
#         type: object
#         additionalProperties: false
#         default: {}
#         properties:
#           slo: &slo {description: The least percentage., type: number, minimum: 0, maximum: 100, default: 99, tighter: higher}
#           chaos_drill_every: &drill {description: The longest time between drills., type: string, format: duration, tighter: lower}
#           rto: &rto {<<: *drill, description: The longest time until it works again., default: 24h}
#           rpo: &rpo {<<: *drill, description: The longest span of writes that is lost., default: 24h}
#           latency_p99: &p99 {<<: *drill, description: The longest time for 99 of 100 answers., default: 3s}
#           replicas: &replicas {description: The fewest copies that run., type: integer, minimum: 0, default: 1, tighter: higher}
#           alerts: &alerts {<<: *replicas, description: The fewest alerts.}
#           escalation: &levels {<<: *replicas, description: The fewest levels of escalation., default: 0}
#           disruption_budget: &budget {description: Whether a budget limits disruptions., type: boolean, default: false, tighter: "true"}
#           paging: &paging {<<: *budget, description: Whether somebody is paged.}
#           runbook: &runbook {<<: *budget, description: Whether there is a runbook., default: true}
#       silver: {<<: *tier, description: What a silver service has to promise and keep., properties: {
#         slo: {<<: *slo, default: 99.5}, chaos_drill_every: *drill, rto: {<<: *rto, default: 4h}, rpo: {<<: *rpo, default: 1h},
#         latency_p99: {<<: *p99, default: 1s}, replicas: {<<: *replicas, default: 2}, alerts: *alerts,
#         escalation: {<<: *levels, default: 1}, disruption_budget: {<<: *budget, default: true},
#         paging: {<<: *paging, default: true}, runbook: *runbook}}
#       gold: {<<: *tier, description: What a gold service has to promise and keep., properties: {
#         slo: {<<: *slo, default: 99.95}, chaos_drill_every: {<<: *drill, default: 90d}, rto: {<<: *rto, default: 1h},
#         rpo: {<<: *rpo, default: 5m}, latency_p99: {<<: *p99, default: 500ms}, replicas: {<<: *replicas, default: 3},
#         alerts: *alerts, escalation: {<<: *levels, default: 2}, disruption_budget: {<<: *budget, default: true},
#         paging: {<<: *paging, default: true}, runbook: *runbook}}
#   gatekeeper:
#     kind: K8sRequireRedundancy
#     match:
#       source: Original # a Pod that Gatekeeper expands has no copies to count
#       kinds:
#         - {apiGroups: [""], kinds: [Pod, ReplicationController]}
#         - {apiGroups: [apps], kinds: [Deployment, ReplicaSet, StatefulSet]}
#         - {apiGroups: [argoproj.io], kinds: [Rollout]}
#         - {apiGroups: [autoscaling], kinds: [HorizontalPodAutoscaler]}
#         - {apiGroups: [policy], kinds: [PodDisruptionBudget]}
#         - {apiGroups: [serving.knative.dev], kinds: [Configuration, Revision, Service]}
#         - {apiGroups: [policylib.dev], kinds: [ServiceCatalog]}
package policylib.tier.redundancy

import rego.v1

import data.policylib.lib.catalog
import data.policylib.lib.catalog.held
import data.policylib.lib.catalog.services
import data.policylib.lib.disruptions
import data.policylib.lib.disruptions.faults as disruption_faults
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.service.called
import data.policylib.lib.service.named
import data.policylib.lib.service.tier
import data.policylib.lib.shortages.faults as shortage_faults

violation contains catalog.violation(service, found) if {
	some held_to, members in held
	terms := disruptions.terms(held_to)
	some service in members
	some found in disruptions.demanded(terms, ["disruption_budget"], read.at(service.entry, "disruption_budget", null))
}

violation contains catalog.violation(service, {"at": ["autoscaled"], "why": "says of autoscaled neither true nor false"}) if {
	some service in services
	not is_boolean(read.at(service.entry, "autoscaled", false))
}

violation contains {"msg": msg, "details": {"path": path, "service": named, "tier": tier}} if {
	some found in (disruption_faults | shortage_faults)
	msg := sprintf("%s %s", [called, found.why])
	path := pointer.join("", found.at)
}
