# METADATA
# title: Replacements
# description: Where Kustomize copies a value, which is not seen here, into the place of an image.
package policylib.lib.replacements

import rego.v1

import data.policylib.lib.fold
import data.policylib.lib.pointer

# The pieces of a list of replacements.
pieces(base, list) := {{"form": "gap", "path": pointer.child(base, i), "value": "may choose an image out of sight", "flat": false} |
	some i, replacement in list
	some path in targeted(replacement)
	hits_image(path)
} if {
	is_array(list)
} else := {{"form": "gap", "path": base, "value": "is not a list", "flat": false} | not is_null(list)}

targeted(replacement) := {path |
	some targets in fold.at(replacement, "targets")
	is_array(targets)
	some target in targets
	some paths in fold.at(target, "fieldPaths")
	is_array(paths)
	some path in paths
	is_string(path)
}

# An image, a whole container, or all that holds containers.
hits_image(path) if regex.match(`(?:image|reference)\z`, lower(path))

hits_image(path) if regex.match(`containers(?:[.](?:\[[^\]]*\]|[^.\[\]]+))?\z`, lower(path))

hits_image(path) if regex.match(`(?:\A|[.])(?:spec|template|jobtemplate)\z`, lower(path))
