# METADATA
# title: Evidence
# description: >-
#   The facts that each image under review stands on. A workload's are those that whoever verified the
#   image gave; a document of facts is judged by what it holds itself, and counts for nothing else.
package policylib.lib.evidence

import rego.v1

import data.policylib.lib.fact_faults
import data.policylib.lib.facts
import data.policylib.lib.image
import data.policylib.lib.images.named
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.review.kind
import data.policylib.lib.reviews
import data.policylib.lib.subject

# Every image that needs facts, with those that there are: path, image, facts and fault.
claims contains {"path": one.path, "image": one.image, "facts": given, "fault": fault} if {
	some one in named
	key := subject.key(one.image)
	given := read.at(facts.get(["images"], {}), key, null)
	fault := fact_faults.fault(key, given)
}

# Whatever its group: a slip in it must not hide facts from who reads them.
claims contains {"path": "/image", "image": about, "facts": document, "fault": fault} if {
	kind == "imagefacts"
	about := read.at(document, "image", null)
	fault := fact_faults.fault(subject.key(about), document)
}

# Those that can be relied on.
usable contains claim if {
	some claim in claims
	claim.fault == ""
}

# Whatever a rule demands of an image, it cannot be told without facts.
faults contains violation(claim, claim.fault) if {
	some claim in claims
	claim.fault != ""
}

faults contains {"msg": "the document is not an object", "details": {"path": "", "image": ""}} if {
	not is_object(document)
}

faults contains {"msg": msg, "details": {"path": "/items", "image": ""}} if {
	reviews.is_list(document)
	count(read.list(document, "items")) > 0
	msg := "a list is judged item by item, and this one is nested too deep or was not taken apart"
}

# What is wrong with an image, as every rule says it.
violation(claim, why) := {
	"msg": image.message(claim.image, why, claim.path),
	"details": {"path": claim.path, "image": image.named(claim.image)},
}
