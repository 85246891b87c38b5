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
import data.policylib.lib.catalog.services
import data.policylib.lib.read
import data.policylib.lib.stated
import data.policylib.lib.tiers

violation contains catalog.violation(service, found) if {
	some service in services
	some found in tiers.faults(service.tier, "runbook")
}

violation contains catalog.violation(service, {"at": ["runbook"], "why": why}) if {
	some service in services
	tiers.demand(service.tier, "runbook") == true
	why := fault(stated.text(read.at(service.entry, "runbook", null)))
}

fault(text) := "has no runbook" if {
	trim_space(text) == ""
} else := "has a runbook that is still to be written" if {
	regex.match(`\An/a\z|(?:\A|/)(?:changeme|fixme|none|placeholder|tba|tbc|tbd|todo|xxx)(?:[.][a-z]+)?(?:[?#].*)?\z`, lower(text))
} else := "has a runbook that is neither an https URL nor the path of a file" if {
	not leads_somewhere(text)
}

# A page of a server that others reach too.
leads_somewhere(text) if {
	regex.match(`\Ahttps://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]+\z`, text)
	not contains(text, "..")
	not regex.match(`\Ahttps://(?:localhost|127[.][0-9.]+|0[.0]*)[:/]`, lower(text))
}

# A file in the repository: in a folder, or named as a text.
leads_somewhere(text) if {
	regex.match(`\A(?:[.]/)?(?:[.]?[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*(?:#[A-Za-z0-9_.-]+)?\z`, text)
	regex.match(`[^.]/|[.](?:adoc|html|md|org|rst|txt)(?:#|\z)`, text)
}
