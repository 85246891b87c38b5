# METADATA
# title: Every service says how soon it recovers and how much it may lose
# description: >-
#   Each service of the catalog has an rto, the time until it works again, and an rpo, the span of
#   writes that it may lose, and both are no longer than its tier allows.
# scope: package
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/34/r1/upd1/final
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Give the service an rto and an rpo that it keeps and that its tier allows, as durations such as 30m,
#     1h30m or 5m; an rpo of 0s where each write is on more than one machine before it is confirmed.
#   controls:
#     - NIST SP 800-34, 3.2
#     - NIST SP 800-53, CP-10
#     - ISO/IEC 27001:2022, A.5.30
#     - "GDPR, Art. 32(1)(c)"
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
#     kind: K8sRequireServiceRecovery
#     match:
#       kinds:
#         - {apiGroups: [policylib.dev], kinds: [ServiceCatalog]}
package policylib.tier.recovery_defined

import rego.v1

import data.policylib.lib.catalog
import data.policylib.lib.catalog.held
import data.policylib.lib.read
import data.policylib.lib.tiers

violation contains catalog.violation(service, found) if {
	some tier, members in held
	some key in ["rto", "rpo"]
	some found in tiers.faults(tier, key)
	some service in members
}

violation contains catalog.violation(service, {"at": [key], "why": why}) if {
	some tier, members in held
	some key in ["rto", "rpo"]
	limit := tiers.limit(tier, key)
	some service in members
	why := tiers.excess(key, read.at(service.entry, key, null), limit)
	why != ""
}
