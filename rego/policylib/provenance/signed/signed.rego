# METADATA
# title: Images are signed
# description: >-
#   Everything that runs a container runs an image that an allowed signer signed. Signatures are verified
#   by whoever writes the facts; here it is judged whose they are. Each image stands on its own facts.
# scope: package
# related_resources:
#   - https://docs.sigstore.dev/cosign/verifying/verify/
#   - https://slsa.dev/spec/v1.1/threats
# custom:
#   introduced: 0.1.0
#   severity: critical
#   remediation: >-
#     Sign the image by its digest where it is built, as in `cosign sign IMAGE@sha256:…`, have it verified
#     again, and list the signer's exact issuer and its identity under provenance.signers.
#   controls:
#     - NIST SP 800-190, 4.1.5
#     - NIST SP 800-218 (SSDF), PS.2.1
#     - CIS Kubernetes Benchmark, image provenance
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
#   gatekeeper:
#     kind: K8sRequireImageSignature
#     match:
#       kinds:
#         - {apiGroups: [""], kinds: [Pod, PodTemplate, ReplicationController]}
#         - {apiGroups: [apps], kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]}
#         - {apiGroups: [batch], kinds: [CronJob, Job]}
#         - {apiGroups: [argoproj.io], kinds: [ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]}
#         - {apiGroups: [serving.knative.dev], kinds: [Configuration, Revision, Service]}
#         - {apiGroups: [tekton.dev], kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]}
package policylib.provenance.signed

import rego.v1

import data.policylib.lib.evidence
import data.policylib.lib.evidence.faults
import data.policylib.lib.evidence.usable
import data.policylib.lib.identities
import data.policylib.lib.trust.signers

violation contains fault if some fault in faults

violation contains evidence.violation(claim, why) if {
	some claim in usable
	not is_signed(claim.facts.signers, signers)
	why := sprintf("is not signed by an allowed signer (signed by: %s)", [identities.names(claim.facts.signers)])
}

is_signed(given, allowed) if {
	some signer in given
	identities.allows(allowed, signer)
}
