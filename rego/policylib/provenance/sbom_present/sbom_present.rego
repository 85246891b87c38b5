# METADATA
# title: Images have an SBOM
# description: >-
#   Everything that runs a container runs an image with a software bill of materials, in an allowed format,
#   for its very digest, signed by an allowed signer.
# scope: package
# related_resources:
#   - https://github.com/in-toto/attestation/tree/main/spec/predicates
#   - https://cyclonedx.org/specification/overview/
#   - https://spdx.dev/use/specifications/
# custom:
#   introduced: 0.1.0
#   severity: high
#   remediation: >-
#     Make an SBOM where the image is built and attest it for its digest, as in
#     `cosign attest --type cyclonedx --predicate SBOM IMAGE@sha256:…`, and have the image verified again.
#   controls:
#     - NIST SP 800-218 (SSDF), PS.3.2
#     - NTIA, The Minimum Elements For a Software Bill of Materials
#     - Executive Order 14028, section 4(e)(vii)
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
#       sbom_formats: {description: The formats of SBOM that are accepted., tighter: fewer,
#         type: array, items: {type: string, enum: [cyclonedx, spdx]}, default: [cyclonedx, spdx]}
#   gatekeeper:
#     kind: K8sRequireImageSBOM
#     match:
#       kinds:
#         - {apiGroups: [""], kinds: [Pod, PodTemplate, ReplicationController]}
#         - {apiGroups: [apps], kinds: [DaemonSet, Deployment, ReplicaSet, StatefulSet]}
#         - {apiGroups: [batch], kinds: [CronJob, Job]}
#         - {apiGroups: [argoproj.io], kinds: [ClusterWorkflowTemplate, CronWorkflow, Rollout, Workflow, WorkflowTemplate]}
#         - {apiGroups: [serving.knative.dev], kinds: [Configuration, Revision, Service]}
#         - {apiGroups: [tekton.dev], kinds: [ClusterTask, Pipeline, PipelineRun, StepAction, Task, TaskRun]}
package policylib.provenance.sbom_present

import rego.v1

import data.policylib.lib.evidence
import data.policylib.lib.evidence.faults
import data.policylib.lib.evidence.usable
import data.policylib.lib.identities
import data.policylib.lib.subject
import data.policylib.lib.trust.formats
import data.policylib.lib.trust.signers

violation contains fault if some fault in faults

violation contains evidence.violation(claim, why) if {
	some claim in usable
	why := reason(claim.facts, formats, signers)
	why != ""
}

reason(facts, allowed, signers_allowed) := "has no SBOM" if {
	count(facts.sbom) == 0
} else := sprintf("has no SBOM in an allowed format (allowed: %s)", [concat(", ", allowed)]) if {
	count(in_format(facts.sbom, allowed)) == 0
} else := "has an SBOM, but for another digest" if {
	count(of_digest(in_format(facts.sbom, allowed), facts.image)) == 0
} else := sprintf("has an SBOM, but not from an allowed signer (signed by: %s)", [identities.names(signed_by)]) if {
	signed_by := [one.signer | some one in of_digest(in_format(facts.sbom, allowed), facts.image)]
	not is_allowed(signed_by, signers_allowed)
} else := ""

in_format(sboms, allowed) := [sbom |
	some sbom in sboms
	sbom.format in allowed
	regex.match(types[sbom.format], sbom.predicate_type)
]

# The type of the attestation that carries a format, with or without a version.
types := {
	"cyclonedx": `\Ahttps://cyclonedx[.]org/bom(?:/v[0-9]+(?:[.][0-9]+)*)?\z`,
	"spdx": `\Ahttps://spdx[.]dev/Document(?:/v[0-9]+(?:[.][0-9]+)*)?\z`,
}

of_digest(sboms, image) := [sbom |
	some sbom in sboms
	sbom.subject == subject.digest(image)
]

is_allowed(signed_by, allowed) if {
	some signer in signed_by
	identities.allows(allowed, signer)
}
