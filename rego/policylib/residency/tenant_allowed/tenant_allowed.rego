# METADATA
# title: A tenant's data stays in the tenant's regions
# description: >-
#   What names a tenant is in regions that the settings permit both to that tenant and to each
#   class of its data. A tenant that the settings do not know may be nowhere.
# scope: package
# related_resources:
#   - https://gdpr-info.eu/chapter-5/
#   - https://learn.microsoft.com/azure/architecture/guide/multitenant/considerations/tenancy-models
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Move what belongs to the tenant to a region that residency.tenants lists for it and
#     residency.allowed_regions lists for the data class, or have the agreement with the tenant
#     changed and the settings after it.
#   controls:
#     - GDPR, Articles 28 and 44
#     - NIST SP 800-53, SA-9(5)
#     - ISO/IEC 27017, CLD.6.3.1
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
#       tenants:
#         description: >-
#           For each tenant, the regions in which its data may be, whatever its class. A tenant that is not
#           here may be nowhere.
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
#     kind: K8sTenantRegion
#     match:
#       kinds:
#         - apiGroups: [""]
#           kinds: [Pod, PodTemplate, ReplicationController]
#         - apiGroups: [apps]
#           kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]
#         - apiGroups: [batch]
#           kinds: [CronJob, Job]
#         - apiGroups: [argoproj.io]
#           kinds: [ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]
#         - apiGroups: [serving.knative.dev]
#           kinds: [Configuration, Revision, Service]
#         - apiGroups: [tekton.dev]
#           kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]
#         - apiGroups: [policylib.dev]
#           kinds: [EgressEvent, TransferRequest]
package policylib.residency.tenant_allowed

import rego.v1

import data.policylib.lib.phrases
import data.policylib.lib.tenants.faults

violation contains {"msg": fault.msg, "details": details} if {
	some fault in faults
	details := {"path": fault.path, "tenant": phrases.text(fault.tenant), "region": phrases.text(fault.region)}
}
