# METADATA
# title: Patches of pods
# description: The images that a workflow puts into its pods by a patch, which is text and may be a template.
package policylib.lib.pod_patches

import rego.v1

import data.policylib.lib.custom_resources.nodes
import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.review.document

texts contains {"path": pointer.join("", node.path), "value": node.value} if {
	some node in nodes
	node.key == "podspecpatch"
	is_string(node.value)
}

images contains {"path": text.path, "image": chosen, "gap": ""} if {
	some text in texts
	some chosen in patches.named(text.value)
}

images contains {"path": text.path, "image": null, "gap": "may choose an image out of sight"} if {
	some text in texts
	hides_image(text.value)
}

hides_image(text) if patches.hides_image(text)

# What a template makes of parameters may have any keys: where it is the whole patch, and where a
# parameter has keys of its own.
hides_image(text) if regex.match(`\A[ \t\r\n]*\{\{`, text)

hides_image(text) if {
	contains(text, "{{")
	count(keys_of_parameters) > 0
}

keys_of_parameters contains value if {
	walk(document, [path, value])
	"parameters" in path
	is_string(value)
	regex.match(`image["']?[ \t]*:`, lower(value))
}
