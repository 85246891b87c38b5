# METADATA
# title: A pipeline that crosses regions is allow-listed
# description: >-
#   A transfer that names a pipeline and leaves its region has an entry in the settings for that
#   pipeline, each class of the data and this very way: with a data protection impact assessment,
#   an owner and a date that is still to come.
# scope: package
# related_resources:
#   - https://gdpr-info.eu/art-35-gdpr/
#   - https://gdpr-info.eu/chapter-5/
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Have the pipeline assessed, and list it in residency.pipelines with name, data_class, from,
#     to, dpia, owner and expires, one entry for each class and way. Renew the entry before it
#     expires.
#   controls:
#     - GDPR, Articles 35 and 44
#     - NIST SP 800-53, AC-4
#     - ISO/IEC 27701, 7.2.5
#   parameters:
#     type: object
#     additionalProperties: false
#     properties:
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
#       approved_by:
#         description: Who approved the regions of each data class and the pipelines. No rule asks for it.
#         type: string
#         default: ""
#   gatekeeper:
#     kind: K8sDataPipeline
#     match:
#       kinds:
#         - apiGroups: [policylib.dev]
#           kinds: [EgressEvent, TransferRequest]
package policylib.residency.pipeline_allowlisted

import rego.v1

import data.policylib.lib.phrases
import data.policylib.lib.pipelines.refused

violation contains {"msg": one.reason, "details": details} if {
	some one in refused
	not is_null(one.pipeline)
	place := concat("", [one.body, "/pipeline"])
	details := {"path": place, "pipeline": phrases.text(one.pipeline), "data_class": phrases.text(one.data_class)}
}
