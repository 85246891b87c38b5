# METADATA
# title: Images are built from expected sources
# description: >-
#   The provenance of an image says that it was built from a repository and ref, in a way and with
#   parameters that the settings expect. It is the same provenance that vouches for the builder: two
#   attestations cannot make up for each other.
# scope: package
# related_resources:
#   - https://slsa.dev/spec/v1.1/verifying-artifacts
#   - https://slsa.dev/spec/v1.1/provenance
# custom:
#   introduced: 0.1.0
#   severity: critical
#   remediation: >-
#     Build from a repository that provenance.sources permits and a ref that provenance.refs permits. Where
#     the way of building is what you want, list its type under provenance.build_types and the names of its
#     parameters under provenance.external_parameters.
#   controls:
#     - SLSA v1.0 and v1.1, Build L1 to L3
#     - NIST SP 800-218 (SSDF), PS.3.2 and PW.4.1
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
#       sources: {description: Which repositories may be built; an entry that ends in / permits all below it.,
#         type: array, items: {type: string, pattern: "^(git[+])?https://[^@?#%*]+$"}, default: [], tighter: fewer}
#       refs: {description: "Which refs may be built; `*` stands for one or more characters other than / and @.",
#         type: array, items: {type: string, minLength: 1}, default: [refs/heads/main, "refs/tags/*"], tighter: fewer}
#       build_types: {description: In which ways it may have been built., tighter: fewer,
#         type: array, items: {type: string, minLength: 1}, default: [
#           "https://actions.github.io/buildtypes/workflow/v1",
#           "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1"]}
#       external_parameters: {description: Names of the parameters that a build may have been given from outside.,
#         type: array, items: {type: string, minLength: 1}, default: [workflow], tighter: fewer}
#   gatekeeper:
#     kind: K8sRequireExpectedSource
#     match:
#       kinds:
#         - {apiGroups: [""], kinds: [Pod, PodTemplate, ReplicationController]}
#         - {apiGroups: [apps], kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]}
#         - {apiGroups: [batch], kinds: [CronJob, Job]}
#         - {apiGroups: [argoproj.io], kinds: [ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]}
#         - {apiGroups: [serving.knative.dev], kinds: [Configuration, Revision, Service]}
#         - {apiGroups: [tekton.dev], kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]}
package policylib.provenance.source_expected

import rego.v1

import data.policylib.lib.attestations
import data.policylib.lib.built.claims
import data.policylib.lib.evidence
import data.policylib.lib.evidence.faults
import data.policylib.lib.sources
import data.policylib.lib.trust.expected

violation contains fault if some fault in faults

violation contains evidence.violation(claim, why) if {
	some claim in claims
	relied := attestations.relied(claim)
	count(sources.as_expected(relied, expected)) == 0
	why := reason(relied, expected)
}

reason(relied, wanted) := "has no accepted provenance that could name its source" if {
	count(relied) == 0
} else := sprintf("was not built as expected: %s", [concat(", or ", sort(sources.unexpected(relied, wanted)))])
