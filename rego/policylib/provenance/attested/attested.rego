# METADATA
# title: Images have SLSA provenance
# description: >-
#   Everything that runs a container runs an image with SLSA provenance (v1 or v0.2, by its exact type) for
#   its very digest, signed by an allowed signer or by one who may sign for the builder that it names.
#   Another attestation, however well it is signed, is no provenance.
# scope: package
# related_resources:
#   - https://slsa.dev/spec/v1.1/verifying-artifacts
#   - https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
# custom:
#   introduced: 0.1.0
#   severity: critical
#   remediation: >-
#     Build where provenance is made and signed, as with GitHub's artifact attestations, Tekton Chains or
#     the SLSA generators, have the image verified again, and list who signs under provenance.signers or,
#     with issuer and identity, under provenance.builders.
#   controls:
#     - SLSA v1.0 and v1.1, Build L1 and L2
#     - NIST SP 800-218 (SSDF), PS.3.2
#     - NIST SP 800-190, 4.1.5
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
#   gatekeeper:
#     kind: K8sRequireProvenance
#     match:
#       kinds:
#         - {apiGroups: [""], kinds: [Pod, PodTemplate, ReplicationController]}
#         - {apiGroups: [apps], kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]}
#         - {apiGroups: [batch], kinds: [CronJob, Job]}
#         - {apiGroups: [argoproj.io], kinds: [ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]}
#         - {apiGroups: [serving.knative.dev], kinds: [Configuration, Revision, Service]}
#         - {apiGroups: [tekton.dev], kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]}
package policylib.provenance.attested

import rego.v1

import data.policylib.lib.attestations
import data.policylib.lib.evidence
import data.policylib.lib.evidence.faults
import data.policylib.lib.identities
import data.policylib.lib.vouched.claims

violation contains fault if some fault in faults

violation contains evidence.violation(claim, why) if {
	some claim in claims
	count(claim.accepted) == 0
	why := reason(attestations.provenance(claim.facts), claim.facts)
}

reason(provenance, facts) := "has no SLSA provenance" if {
	count(provenance) == 0
} else := "has SLSA provenance, but for another digest" if {
	count(attestations.about(provenance, facts)) == 0
} else := sprintf("has SLSA provenance, but from nobody who may sign it (signed by: %s)", [signed_by]) if {
	signed_by := identities.names([one.signer | some one in attestations.about(provenance, facts)])
}
