# METADATA
# title: Images come from allowed registries
# description: >-
#   Every image is from a registry or repository that the settings allow: what runs a container, and
#   the values and overrides that choose an image. Without the setting nothing is restricted. An image
#   whose registry cannot be told is denied.
# scope: package
# related_resources:
#   - https://kubernetes.io/docs/concepts/containers/images/#image-names
#   - https://github.com/distribution/reference
# custom:
#   severity: high
#   introduced: 0.1.0
#   remediation: >-
#     Take the image from a registry that digest.registries allows, and write its host, as in
#     registry.example.com/team/app; or have the registry added to the setting. In values, write the
#     registry beside the repository.
#   controls:
#     - NIST SP 800-190, 4.2.1
#     - CIS Kubernetes Benchmark, image provenance
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
#       registries:
#         description: >-
#           The registries and repositories that images may come from. An entry that ends in a slash
#           allows everything below it, as registry.example.com/ or ghcr.io/org/; any other entry is
#           one whole repository name. Without the setting every registry is allowed.
#         type: array
#         items:
#           type: string
#           pattern: '^([A-Za-z0-9\[][A-Za-z0-9.:_\[\]-]*/[a-z0-9._/-]*|[a-z0-9_-]+)$'
#         minItems: 1
#         uniqueItems: true
#         tighter: fewer
#       trust_values_from:
#         description: >-
#           Whether a Flux HelmRelease may take values from ConfigMaps and Secrets, whose contents
#           are not seen where it is judged.
#         type: boolean
#         default: false
#         tighter: "false"
#   gatekeeper:
#     kind: K8sAllowedRegistries
#     match:
#       kinds:
#         - apiGroups: [""]
#           kinds: [Pod, PodTemplate, ReplicationController]
#         - apiGroups: [apps]
#           kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]
#         - apiGroups: [batch]
#           kinds: [CronJob, Job]
#         - apiGroups: [argoproj.io]
#           kinds: [Application, ApplicationSet, ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]
#         - apiGroups: [serving.knative.dev]
#           kinds: [Configuration, Revision, Service]
#         - apiGroups: [tekton.dev]
#           kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]
#         - apiGroups: [helm.toolkit.fluxcd.io]
#           kinds: [HelmRelease]
#         - apiGroups: [kustomize.toolkit.fluxcd.io]
#           kinds: [Kustomization]
package policylib.digest.registry_allowed

import rego.v1

import data.policylib.lib.carried.named as carried
import data.policylib.lib.image
import data.policylib.lib.images.named
import data.policylib.lib.registries
import data.policylib.lib.registries.is_restricted

violation contains of(place, why) if {
	is_restricted
	some place in named
	why := registries.fault(place.image)
	why != ""
}

violation contains of(place, why) if {
	is_restricted
	some place in carried
	place.of == "image"
	why := registries.fault(place.image)
	why != ""
}

violation contains of(place, why) if {
	is_restricted
	some place in carried
	place.of == "registry"
	why := registries.registry_fault(place.image)
	why != ""
}

of(place, why) := {"msg": msg, "details": {"path": place.path, "image": image.named(place.image)}} if {
	msg := image.message(place.image, why, place.path)
}
