# METADATA
# title: Images are pinned by digest
# description: >-
#   Everything that runs a container names its image by digest, so that what runs is exactly what
#   was built. A tag can be moved; a digest cannot.
# scope: package
# related_resources:
#   - https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
# custom:
#   severity: high
#   remediation: >-
#     Append the digest to the image, for example
#     registry.example.com/app:1.4.2@sha256:<64 hexadecimal digits>. A registry client prints it
#     (crane digest IMAGE, docker buildx imagetools inspect IMAGE).
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
