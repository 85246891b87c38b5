# METADATA
# title: Images are pinned by digest
# description: >-
#   Everything that runs a container names its image by digest, so that what runs is exactly what
#   was built. A tag can be moved to other content; a digest cannot.
# scope: package
# related_resources:
#   - https://kubernetes.io/docs/concepts/containers/images/
#   - https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
# custom:
#   severity: high
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
#           kinds: [Pipeline, PipelineRun, StepAction, Task, TaskRun]
package policylib.digest.image_pinned

import rego.v1

import data.policylib.lib.argo_workflows
import data.policylib.lib.custom_resources
import data.policylib.lib.image
import data.policylib.lib.pods
import data.policylib.lib.review
import data.policylib.lib.tekton

violation contains {"msg": msg, "details": {"path": place.path, "image": named}} if {
	some place in ((pods.images | custom_resources.images) | tekton.images)
	why := image.fault(place.image)
	why != ""
	msg := image.message(place.image, why, place.path)
	named := image.named(place.image)
}

violation contains {"msg": msg, "details": {"path": gap.path, "image": ""}} if {
	some gap in ((pods.gaps | tekton.gaps) | argo_workflows.gaps)
	msg := sprintf("%s %s", [image.shown(gap.path), gap.why])
}

violation contains {"msg": "the document is not an object", "details": {"path": "", "image": ""}} if {
	not is_object(review.document)
}
