# METADATA
# title: What must recover is drilled
# description: >-
#   Each service of the catalog whose tier demands drills was drilled no longer ago than the tier's
#   interval, or will be before the interval is over, and no drill that was planned has been missed.
# scope: package
# related_resources:
#   - https://principlesofchaos.org/
#   - https://sre.google/sre-book/accelerating-sre-on-call/
# custom:
#   introduced: 0.1.0
#   severity: medium
#   remediation: >-
#     Plan a drill within the tier's interval and note the day when it has taken place, as in
#     `chaos_drill: {last: 2026-03-02, next: 2026-05-25}`.
#   controls:
#     - NIST SP 800-53, CP-4
#     - ISO/IEC 27001:2022, A.5.30
#     - SOC 2, A1.3
#     - "GDPR, Art. 32(1)(d)"
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
#     kind: K8sRequireChaosDrill
#     match:
#       kinds:
#         - {apiGroups: [policylib.dev], kinds: [ServiceCatalog]}
package policylib.tier.chaos_drill_scheduled

import rego.v1

import data.policylib.lib.catalog
import data.policylib.lib.catalog.held
import data.policylib.lib.drills
import data.policylib.lib.read
import data.policylib.lib.tiers

violation contains catalog.violation(service, found) if {
	some tier, members in held
	some found in tiers.faults(tier, "chaos_drill_every")
	some service in members
}

violation contains catalog.violation(service, {"at": ["chaos_drill"], "why": why}) if {
	some tier, members in held
	interval := tiers.limit(tier, "chaos_drill_every").ms
	interval > 0
	some service in members
	why := drills.fault(read.at(service.entry, "chaos_drill", null), floor(interval / 1000))
	why != ""
}
