# METADATA
# title: Images in variables and arguments are pinned by digest
# description: >-
#   An image that a container is told of, for it to run elsewhere, is named by digest: in variables
#   such as RELATED_IMAGE_PROXY and SIDECAR_IMAGE, in flags such as --sidecar-image, and among an
#   operator's relatedImages. Names and values are judged by what they look like, so the rule is off
#   until the settings ask for it. A variable of such a name that takes its value from another object
#   is denied, for that value is not seen; whole sets of variables (envFrom) are not judged.
# scope: package
# related_resources:
#   - https://sdk.operatorframework.io/docs/best-practices/best-practices/
#   - https://olm.operatorframework.io/docs/concepts/crds/clusterserviceversion/
# custom:
#   severity: medium
#   introduced: 0.1.0
#   remediation: >-
#     Append the digest to the image in the variable or argument, as in
#     registry.example.com/proxy@sha256:<64 lower-case hexadecimal digits>, and write it where it is
#     used instead of taking it from a ConfigMap.
#   controls:
#     - NIST SP 800-190, 4.2.2
#     - OpenSSF Scorecard, Pinned-Dependencies
#   parameters:
#     type: object
#     additionalProperties: false
#     properties:
#       algorithms:
#         description: The digest algorithms that are accepted.
#         type: array
#         items: {type: string, enum: [sha256, sha512]}
#         minItems: 1
#         uniqueItems: true
#         default: [sha256]
#         tighter: fewer
#       env_images:
#         description: >-
#           Whether images in environment variables, arguments and relatedImages have to be pinned.
#         type: boolean
#         default: false
#         tighter: "true"
#   gatekeeper:
#     kind: K8sRequireEnvImageDigest
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
#         - apiGroups: [operators.coreos.com]
#           kinds: [ClusterServiceVersion, Subscription]
#         - apiGroups: [serving.knative.dev]
#           kinds: [Configuration, Revision, Service]
#         - apiGroups: [tekton.dev]
#           kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]
package policylib.digest.env_image_pinned

import rego.v1

import data.policylib.lib.hinted.faults
import data.policylib.lib.image
import data.policylib.lib.settings

violation contains {"msg": msg, "details": {"path": fault.path, "image": image.named(fault.image)}} if {
	not is_off
	some fault in faults
	msg := image.message(fault.image, fault.why, fault.path)
}

# Only a plain false switches the rule off, or settings that are whole and do not speak of it.
is_off if {
	is_object(settings.get(["digest"], {}))
	settings.get(["digest", "env_images"], false) == false
}
