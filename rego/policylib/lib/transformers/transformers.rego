# METADATA
# title: Transformers
# description: What Kustomize's transformers and generators set, where they are written in place.
package policylib.lib.transformers

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.patches
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.replacements
import data.policylib.lib.yaml_text

# The pieces of a list of transformers or generators. Text that is no document names a file.
pieces(base, list) := {object.union(piece, {"path": path, "flat": true}) |
	some i, x in list
	path := pointer.child(base, i)
	some part in parts(x)
	some piece in of_part(path, part)
} if {
	is_array(list)
} else := {patches.gap(base, "is not a list") | not is_null(list)}

parts(x) := split(x, "\n---\n") if {
	is_string(x)
} else := [x]

of_part(path, part) := of_document(path, loaded.value) | ran(path, loaded.value) if {
	loaded := yaml_text.load(part)
	loaded != {}
} else := {patches.gap(path, "may choose an image out of sight") | patches.may_name_image(part)} if {
	is_string(part)
} else := of_document(path, part) | ran(path, part)

of_document(path, x) := {{"form": "image", "value": tag} | some tag in fold.at(x, "imageTag")} if {
	kind(x) == "imagetagtransformer"
} else := {{"form": "override", "value": inline} | some inline in fold.at(x, "valuesInline")} if {
	kind(x) == "helmchartinflationgenerator"
} else := {piece | some list in fold.at(x, "replacements"); some piece in replacements.pieces(path, list)} if {
	kind(x) == "replacementtransformer"
} else := patches.of_document(path, x) | {piece |
	some key in ["jsonOp", "patch", "patches"]
	some body in fold.at(x, key)
	some piece in patches.of_body(path, body)
}

kind(x) := lower(read.text(x, "kind"))

# A function of its own runs as a container.
ran(path, x) := {piece |
	some key, text in read.object_at(read.object_at(x, "metadata"), "annotations")
	endswith(lower(key), "/function")
	is_string(text)
	some piece in patches.of_text(path, text)
}
