# METADATA
# title: Every service has a tier, an owner and someone on call
# description: >-
#   Each service of the catalog has one of the tiers gold, silver and bronze, an owner and someone on
#   call, and whatever runs names, by one label, exactly one service that the catalog holds.
# scope: package
# related_resources:
#   - https://sre.google/sre-book/being-on-call/
#   - https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Enter the service in the service catalog with tier, owner and oncall, and label what runs, and its
#     pod template, with policylib.dev/service and the service's name there.
#   controls:
#     - NIST SP 800-53, CM-8(4)
#     - ISO/IEC 27001:2022, A.5.9
#     - CIS Controls v8, 1.1
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
#     kind: K8sRequireServiceTier
#     match:
#       kinds:
#         - {apiGroups: [""], kinds: [Pod, PodTemplate, ReplicationController]}
#         - {apiGroups: [apps], kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]}
#         - {apiGroups: [batch], kinds: [CronJob, Job]}
#         - {apiGroups: [argoproj.io], kinds: [ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]}
#         - {apiGroups: [serving.knative.dev], kinds: [Configuration, Revision, Service]}
#         - {apiGroups: [tekton.dev], kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]}
#         - {apiGroups: [policylib.dev], kinds: [ServiceCatalog]}
package policylib.tier.assigned

import rego.v1

import data.policylib.lib.catalog
import data.policylib.lib.catalog.is_catalog
import data.policylib.lib.catalog.services
import data.policylib.lib.catalog_shape
import data.policylib.lib.images.runs
import data.policylib.lib.review.document
import data.policylib.lib.service.entry
import data.policylib.lib.service.fault
import data.policylib.lib.service.named
import data.policylib.lib.service.place
import data.policylib.lib.service.tier

violation contains catalog.violation(service, gap) if {
	some service in services
	some gap in (catalog_shape.name_faults(service.name) | catalog_shape.gaps(service.entry))
}

violation contains {"msg": gap.why, "details": {"path": gap.path, "service": "", "tier": ""}} if {
	is_catalog
	some gap in catalog_shape.faults(document)
}

violation contains {"msg": msg, "details": {"path": place, "service": named, "tier": tier}} if {
	runs
	some why in reasons
	msg := sprintf("what runs here %s", [why])
}

reasons contains fault if fault != ""

reasons contains sprintf("names service \"%s\", which %s", [named, gap.why]) if {
	fault == ""
	some gap in catalog_shape.gaps(entry)
}
