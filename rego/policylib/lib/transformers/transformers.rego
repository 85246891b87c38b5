# METADATA
# title: Transformers
# description: >-
#   The images that Kustomize's transformers and generators set where they are written in place. They
#   are text, read as patches are; what cannot be told from the text is refused.
package policylib.lib.transformers

import rego.v1

import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.reference

# What is wrong in a list of transformers or generators: a set of path, image and why.
faults(base, list) := patches.in_list(base, list) | {fault |
	is_array(list)
	some i, text in list
	is_string(text)
	conceals(text)
	fault := {"path": pointer.child(base, i), "image": "", "why": "may choose an image out of sight"}
}

# As many digests as there are image transformers.
conceals(text) if {
	transformers := regex.find_n(`imagetagtransformer`, lower(text), -1)
	digests := [digest |
		some digest in patches.values(text, `digest["']?[ \t]*:[ \t]*["']?([^ \t\r\n"',}\]]+)`)
		reference.is_digest(digest)
	]
	count(transformers) > count(digests)
}

# Values of a chart may choose in many forms, and a replacement copies what is not seen.
conceals(text) if {
	regex.match(`helmchartinflationgenerator|replacementtransformer`, lower(text))
	contains(lower(text), "image")
}
