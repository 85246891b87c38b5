# METADATA
# title: Data stays in the regions of its class
# description: >-
#   A workload says of which class its data is and in which region it runs, and every region that
#   it names is one that the settings permit to each of its classes. So does a request that data
#   stay in a region.
# scope: package
# related_resources:
#   - https://gdpr-info.eu/chapter-5/
#   - https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesioregion
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Label the workload policylib.dev/region and policylib.dev/data-class, or
#     policylib.dev/service where the catalog has regions and data_classes for the service, and run
#     it only in regions that residency.allowed_regions lists for each of its classes.
#   controls:
#     - GDPR, Articles 44 to 49
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
#   gatekeeper:
#     kind: K8sDataRegion
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
package policylib.residency.region_allowed

import rego.v1

import data.policylib.lib.locations.asked
import data.policylib.lib.locations.contradictions
import data.policylib.lib.phrases
import data.policylib.lib.residency
import data.policylib.lib.residency_workloads.faults
import data.policylib.lib.transfers.routes
import data.policylib.lib.transfers_keys.strays

violation contains {"msg": reason, "details": details(one)} if {
	some one in asked
	one.end == "region"
	some reason in residency.refusals([one.data_class], one.region)
}

violation contains {"msg": fault.msg, "details": details(fault)} if {
	some fault in (faults | contradictions)
}

violation contains {"msg": stray.msg, "details": {"path": stray.path}} if {
	some stray in strays
	not has(routes, stray.body)
}

details(one) := {"path": one.path, "region": phrases.text(one.region), "data_class": phrases.text(one.data_class)}

has(values, value) if value in values
