# METADATA
# title: Every service says how long an answer may take
# description: >-
#   Each service of the catalog has a budget for its latency at the 99th percentile that is no longer
#   than its tier allows.
# scope: package
# related_resources:
#   - https://sre.google/sre-book/monitoring-distributed-systems/
#   - https://research.google/pubs/the-tail-at-scale/
# custom:
#   introduced: 0.1.0
#   severity: medium
#   remediation: >-
#     Give the service the budget that it keeps and that its tier allows, as in `latency: {p99: 300ms}`.
#   controls:
#     - NIST SP 800-53, SC-5(3)
#     - ISO/IEC 27001:2022, A.8.6
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
#     kind: K8sRequireLatencyBudget
#     match:
#       kinds:
#         - {apiGroups: [policylib.dev], kinds: [ServiceCatalog]}
package policylib.tier.latency_budget_defined

import rego.v1

import data.policylib.lib.catalog
import data.policylib.lib.catalog.held
import data.policylib.lib.read
import data.policylib.lib.tiers

violation contains catalog.violation(service, found) if {
	some tier, members in held
	some found in tiers.faults(tier, "latency_p99")
	some service in members
}

violation contains catalog.violation(service, {"at": ["latency", "p99"], "why": why}) if {
	some tier, members in held
	limit := tiers.limit(tier, "latency_p99")
	some service in members
	given := read.at(read.at(service.entry, "latency", null), "p99", null)
	why := tiers.excess("latency.p99", given, limit)
	why != ""
}
