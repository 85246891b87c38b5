# METADATA
# title: Values pin images by digest
# description: >-
#   Values and overrides that choose an image choose it by digest: Helm values, Argo CD
#   applications, Flux releases and kustomizations. What they render to is what counts; here it is
#   known earlier. Catalogs, requests and plans are read as values too where they hold what is not
#   theirs, for a document that says no kind may be taken for one.
# scope: package
# related_resources:
#   - https://helm.sh/docs/chart_best_practices/pods/
#   - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
# custom:
#   severity: medium
#   introduced: 0.1.0
#   remediation: >-
#     Set the digest beside the repository, as in `digest: sha256:<64 lower-case hexadecimal
#     digits>`, and have the chart's template use it; or write the whole reference, with its digest,
#     where the chart takes one. In a kustomization, replace newTag by digest.
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
#       trust_values_from:
#         description: >-
#           Whether a Flux HelmRelease may take values from ConfigMaps and Secrets, whose contents
#           are not seen where it is judged.
#         type: boolean
#         default: false
#         tighter: "false"
#   gatekeeper:
#     kind: K8sRequireValuesDigest
#     match:
#       kinds:
#         - apiGroups: [argoproj.io]
#           kinds: [Application, ApplicationSet]
#         - apiGroups: [helm.toolkit.fluxcd.io]
#           kinds: [HelmRelease]
#         - apiGroups: [kustomize.toolkit.fluxcd.io]
#           kinds: [Kustomization]
package policylib.digest.values_pinned

import rego.v1

import data.policylib.lib.carried.faults
import data.policylib.lib.image
import data.policylib.lib.review.class

# Whatever runs pods carries no values.
violation contains {"msg": msg, "details": {"path": fault.path, "image": fault.image}} if {
	class != "workload"
	some fault in faults
	msg := image.message(fault.image, fault.why, fault.path)
}
