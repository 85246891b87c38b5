# METADATA
# title: Every service has a runbook
# description: >-
#   Each service of the catalog names its runbook: by an https URL, or by the path of a file in the
#   repository of the catalog.
# scope: package
# related_resources:
#   - https://sre.google/sre-book/being-on-call/
#   - https://sre.google/workbook/on-call/
# custom:
#   introduced: 0.1.0
#   severity: medium
#   remediation: >-
#     Write down how the service is operated and repaired, and name that as the service's runbook, as in
#     `runbook: runbooks/gateway.md` or `runbook: https://wiki.example.com/runbooks/gateway`.
#   controls:
#     - NIST SP 800-53, IR-8
#     - ISO/IEC 27001:2022, A.5.37
#     - SOC 2, CC7.4
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
#     kind: K8sRequireServiceRunbook
#     match:
#       kinds:
#         - {apiGroups: [policylib.dev], kinds: [ServiceCatalog]}
package policylib.tier.runbook_present

import rego.v1

import data.policylib.lib.catalog
import data.policylib.lib.catalog.held
import data.policylib.lib.read
import data.policylib.lib.runbooks
import data.policylib.lib.tiers

violation contains catalog.violation(service, found) if {
	some tier, members in held
	some found in tiers.faults(tier, "runbook")
	some service in members
}

violation contains catalog.violation(service, {"at": ["runbook"], "why": why}) if {
	some tier, members in held
	tiers.demand(tier, "runbook") == true
	some service in members
	why := runbooks.fault(read.at(service.entry, "runbook", null))
	why != ""
}
