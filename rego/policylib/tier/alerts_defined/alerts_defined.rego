# METADATA
# title: Every service has alerts
# description: >-
#   Each service of the catalog has as many alerts as its tier demands, each with a name and a severity.
# scope: package
# related_resources:
#   - https://sre.google/workbook/alerting-on-slos/
# custom:
#   introduced: 0.1.0
#   severity: medium
#   remediation: >-
#     Give the service alerts, each with a name and a severity, as in
#     `alerts: [{name: ErrorBudgetBurn, severity: critical}]`.
#   controls:
#     - NIST SP 800-53, SI-4(5)
#     - ISO/IEC 27001:2022, A.8.16
#     - SOC 2, CC7.2
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
#     kind: K8sRequireServiceAlerts
#     match:
#       kinds:
#         - {apiGroups: [policylib.dev], kinds: [ServiceCatalog]}
package policylib.tier.alerts_defined

import rego.v1

import data.policylib.lib.catalog
import data.policylib.lib.catalog.held
import data.policylib.lib.catalog.services
import data.policylib.lib.counts
import data.policylib.lib.read
import data.policylib.lib.stated
import data.policylib.lib.tiers

violation contains catalog.violation(service, found) if {
	some tier, members in held
	some found in tiers.faults(tier, "alerts")
	some service in members
}

violation contains catalog.violation(service, {"at": ["alerts"], "why": why}) if {
	some tier, members in held
	least := tiers.demand(tier, "alerts")
	some service in members
	named := {alert.name | some alert in catalog.parts(service.entry, "alerts")}
	count(named) < least
	why := sprintf("has %d of the %s alerts that its tier demands", [count(named), counts.shown(least)])
}

violation contains catalog.violation(service, {"at": alert.at, "why": why}) if {
	some service in services
	some alert in catalog.parts(service.entry, "alerts")
	why := fault(alert)
}

fault(alert) := "has an alert without a name" if {
	not stated.is_stated(alert.name)
} else := "has an alert without a severity" if {
	not stated.is_stated(read.at(alert.item, "severity", null))
}
