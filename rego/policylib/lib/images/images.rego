# METADATA
# title: Images under review
# description: Every place of the document under review where the image of a container stands.
package policylib.lib.images

import rego.v1

import data.policylib.lib.argo_workflows.images as argo_images
import data.policylib.lib.custom_resources.images as custom_images
import data.policylib.lib.image
import data.policylib.lib.pod_patches.images as patched_images
import data.policylib.lib.pods
import data.policylib.lib.review.class
import data.policylib.lib.review.document
import data.policylib.lib.review.pod_specs
import data.policylib.lib.tekton.images as tekton_images
import data.policylib.lib.workloads

# What the readers of each shape found: path, image, and gap, which says what stands where images
# should.
places contains place if {
	class != "inert"
	some base in pod_specs
	some place in pods.images(base, workloads.spec_at(document, base))
}

# Whoever knows these kinds of resources reads no others; to ask costs more than to know.
places contains place if {
	class == "undeclared"
	some place in union({custom_images, tekton_images, argo_images, patched_images})
}

# Every image, as path and image. The image is as it stands, of any type, and null where it is
# missing or where something else stands in the place of images: a rule that demands something of
# images demands it of these too.
named contains {"path": place.path, "image": place.image} if some place in places

# Every image that names nothing exactly: path, image and why.
faults contains {"path": place.path, "image": place.image, "why": why} if {
	some place in places
	why := fault(place)
	why != ""
}

fault(place) := image.fault(place.image) if {
	place.gap == ""
} else := place.gap

# Whether the document runs containers, or ought to.
default runs := false

runs if class == "workload"

runs if count(named) > 0
