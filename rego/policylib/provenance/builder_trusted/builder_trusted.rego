# METADATA
# title: Images are built by trusted builders
# description: >-
#   The provenance of an image names a builder that the settings trust with the SLSA build level which the
#   workload's tier demands, and its signer is the one who may sign for that builder. A workload that names
#   no service of the catalog is held to the highest level.
# scope: package
# related_resources:
#   - https://slsa.dev/spec/v1.1/levels
#   - https://slsa.dev/spec/v1.1/verifying-artifacts
# custom:
#   introduced: 0.1.0
#   severity: critical
#   remediation: >-
#     Build on a builder listed under provenance.builders whose level is at least that of the workload's
#     tier in provenance.minimum_level, and label the workload with its service.
#   controls:
#     - SLSA v1.0 and v1.1, Build L1 to L3
#     - NIST SP 800-218 (SSDF), PO.5.1 and PS.3.2
#   parameters:
#     type: object
#     additionalProperties: false
#     properties:
#       signers:
#         description: >-
#           Who may sign: an issuer, exact, and an identity, in which `*` stands for one or more characters
#           other than / and @. A signer has to agree with both of one entry.
#         type: array
#         items:
#           type: object
#           additionalProperties: false
#           required: [issuer, identity]
#           properties: {issuer: {type: string, minLength: 1}, identity: {type: string, minLength: 1}}
#         default: []
#         tighter: fewer
#       builders:
#         description: >-
#           Which builders are trusted with which SLSA build level, and who signs for them. In id and identity
#           `*` stands for one or more characters other than / and @. Without an identity a builder signs as
#           itself, as one whose id has a `*` has to; without an issuer the signer has to be one of signers.
#         type: array
#         items:
#           type: object
#           additionalProperties: false
#           required: [id, level]
#           properties:
#             id: {type: string, minLength: 1}
#             level: {type: integer, minimum: 1, maximum: 3}
#             issuer: {type: string, minLength: 1}
#             identity: {type: string, minLength: 1}
#         default: []
#         tighter: fewer
#       minimum_level:
#         description: The SLSA build level that each tier demands; what has no known tier needs the highest.
#         type: object
#         additionalProperties: false
#         required: [gold, silver, bronze]
#         properties:
#           gold: {type: integer, minimum: 1, maximum: 3, tighter: higher}
#           silver: {type: integer, minimum: 1, maximum: 3, tighter: higher}
#           bronze: {type: integer, minimum: 1, maximum: 3, tighter: higher}
#         default: {gold: 3, silver: 2, bronze: 1}
#   gatekeeper:
#     kind: K8sRequireTrustedBuilder
#     match:
#       kinds:
#         - {apiGroups: [""], kinds: [Pod, PodTemplate, ReplicationController]}
#         - {apiGroups: [apps], kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]}
#         - {apiGroups: [batch], kinds: [CronJob, Job]}
#         - {apiGroups: [argoproj.io], kinds: [ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]}
#         - {apiGroups: [serving.knative.dev], kinds: [Configuration, Revision, Service]}
#         - {apiGroups: [tekton.dev], kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]}
package policylib.provenance.builder_trusted

import rego.v1

import data.policylib.lib.assurance.level
import data.policylib.lib.attestations
import data.policylib.lib.built.claims
import data.policylib.lib.evidence
import data.policylib.lib.evidence.faults

violation contains fault if some fault in faults

violation contains evidence.violation(claim, why) if {
	some claim in claims
	count(claim.built) == 0
	why := reason(claim.accepted, level)
}

reason(accepted, wanted) := "cannot be judged, since provenance.minimum_level is malformed" if {
	wanted > 3
} else := "has no accepted provenance that could name its builder" if {
	count(accepted) == 0
} else := sprintf("has no trusted builder of level %d or higher that its signer may name (built by: %s)", [wanted, builders_named]) if {
	builders_named := attestations.builders(accepted)
}
