# METADATA
# title: Data leaves only for where it may be
# description: >-
#   A transfer, asked for or observed, says where data comes from, where it goes and of which class
#   it is. Both ends are known and permitted to every class, unless an allow-listed pipeline
#   carries the data, and no other part of the document hides a further location.
# scope: package
# related_resources:
#   - https://gdpr-info.eu/chapter-5/
#   - https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-052021-interplay-between-application-article-3_en
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Send the data to a region that residency.allowed_regions lists for each of its classes, or
#     have the pipeline that carries it assessed and listed in residency.pipelines. Say
#     from.region, to.region and data_class, and nothing that a transfer has no key for.
#   controls:
#     - GDPR, Articles 44 to 49
#     - NIST SP 800-53, AC-4
#     - ISO/IEC 27001, A.8.12
#   parameters:
#     type: object
#     additionalProperties: false
#     properties:
#       allowed_regions:
#         description: >-
#           For each data class, the regions in which data of that class may be. A class that is not here
#           may be nowhere.
#         type: object
#         tighter: fewer
#         additionalProperties:
#           type: array
#           tighter: fewer
#           items: {type: string, minLength: 1}
#           uniqueItems: true
#         default: {}
#       pipelines:
#         description: >-
#           The pipelines that may carry a data class out of its regions, each entry for one class and one
#           way. An entry names its data protection impact assessment and its owner, and ends on a date.
#         type: array
#         tighter: fewer
#         items:
#           type: object
#           additionalProperties: false
#           required: [name, data_class, from, to, dpia, owner, expires]
#           properties:
#             name: {type: string, minLength: 1}
#             data_class: {type: string, minLength: 1}
#             from: {type: string, minLength: 1}
#             to: {type: string, minLength: 1}
#             dpia: {type: string, minLength: 1}
#             owner: {type: string, minLength: 1}
#             expires: {type: string, format: instant}
#         default: []
#   gatekeeper:
#     kind: K8sDataEgress
#     match:
#       kinds:
#         - apiGroups: [policylib.dev]
#           kinds: [EgressEvent, TransferRequest]
package policylib.residency.egress_allowed

import rego.v1

import data.policylib.lib.destinations.faults
import data.policylib.lib.locations.asked
import data.policylib.lib.phrases
import data.policylib.lib.pipelines
import data.policylib.lib.read
import data.policylib.lib.residency
import data.policylib.lib.review.document
import data.policylib.lib.review.kind
import data.policylib.lib.transfers.routes
import data.policylib.lib.transfers_keys.strays

violation contains {"msg": reason, "details": details} if {
	some one in asked
	one.end in {"from", "to"}
	not pipelines.is_excused(one)
	some reason in residency.refusals([one.data_class], one.region)
	details := {"path": one.path, "region": phrases.text(one.region), "data_class": phrases.text(one.data_class)}
}

violation contains {"msg": fault.msg, "details": {"path": fault.path}} if some fault in faults

violation contains {"msg": stray.msg, "details": {"path": stray.path}} if {
	some stray in strays
	stray.body in routes
}

violation contains {"msg": msg, "details": {"path": concat("/", ["", key])}} if {
	kind == "egressevent"
	some key in ["bytes", "destination", "time", "workload"]
	not read.says(document, key)
	msg := sprintf("an event of egress says its %s", [key])
}
