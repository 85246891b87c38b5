# METADATA
# title: Images are pinned by digest
# description: >-
#   Everything that runs a container names its image by digest, so that what runs is exactly what
#   was built. A tag can be moved to other content; a digest cannot. Fields of custom resources that
#   no container surrounds, such as an operator's spec.image, are not judged.
# scope: package
# related_resources:
#   - https://kubernetes.io/docs/concepts/containers/images/
#   - https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
# custom:
#   severity: high
#   introduced: 0.1.0
#   remediation: >-
#     Append the digest to the image, as in
#     registry.example.com/app:1.4.2@sha256:<64 lower-case hexadecimal digits>. `crane digest IMAGE`
#     or `docker buildx imagetools inspect IMAGE` prints it.
#   controls:
#     - NIST SP 800-190, 4.2.2
#     - CIS Kubernetes Benchmark, image provenance
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
#   gatekeeper:
#     kind: K8sRequireImageDigest
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
package policylib.digest.image_pinned

import rego.v1

import data.policylib.lib.image
import data.policylib.lib.images.faults
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.reviews

violation contains {"msg": msg, "details": {"path": fault.path, "image": image.named(fault.image)}} if {
	some fault in faults
	msg := image.message(fault.image, fault.why, fault.path)
}

violation contains {"msg": "the document is not an object", "details": {"path": "", "image": ""}} if {
	not is_object(document)
}

violation contains {"msg": msg, "details": {"path": "/items", "image": ""}} if {
	reviews.is_list(document)
	count(read.list(document, "items")) > 0
	msg := "a list is judged item by item, and this one is nested too deep or was not taken apart"
}
