# METADATA
# title: Data rests where it may
# description: >-
#   Whatever keeps data says of which class it is and where it is, and every place of the data, of its
#   replicas and of its backups is one that the settings permit to each of its classes. Judged are
#   claims to volumes, volumes and their classes, and the storing resources of a Terraform plan.
# scope: package
# related_resources:
#   - https://kubernetes.io/docs/concepts/storage/persistent-volumes/
#   - https://developer.hashicorp.com/terraform/internals/json-format
#   - https://gdpr-info.eu/chapter-5/
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Say the data class by the label or tag policylib.dev/data-class and the location by the resource's
#     own attribute or the label policylib.dev/region, and move the data, its replicas and its backups to
#     regions that residency.allowed_regions lists for that class.
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
#   gatekeeper:
#     kind: K8sStorageResidency
#     match:
#       kinds:
#         - apiGroups: [""]
#           kinds: [PersistentVolume, PersistentVolumeClaim, Pod, PodTemplate, ReplicationController]
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
#         - apiGroups: [snapshot.storage.k8s.io]
#           kinds: [VolumeSnapshotClass]
#         - apiGroups: [storage.k8s.io]
#           kinds: [StorageClass]
package policylib.residency.storage_allowed

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.storage.faults

violation contains {"msg": fault.msg, "details": details} if {
	some fault in faults
	details := {
		"path": fault.path,
		"region": read.text(fault, "region"),
		"data_class": read.text(fault, "data_class"),
		"tenant": read.text(fault, "tenant"),
	}
}
