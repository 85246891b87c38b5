# METADATA
# title: Labels of templates in custom resources
# description: What a kind that nobody declared says of itself in the templates of its pods and jobs, wherever they stand.
package policylib.lib.nested_labels

import rego.v1

import data.policylib.lib.labels.keys
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.class
import data.policylib.lib.review.document

# As lib/labels: name (service, region, data_class, tenant), path and value.
said contains {"name": name, "path": pointer.join("", array.concat(path, [kind, key])), "value": value} if {
	class == "undeclared"
	walk(document, [path, metadata])
	is_of_template(path)
	some kind in ["annotations", "labels"]
	some name, key in keys
	value := read.at(read.at(metadata, kind, null), key, null)
	not is_null(value)
}

# Templates of claims speak for themselves.
is_of_template(path) if {
	read.last(path) == "metadata"
	above := path[count(path) - 2]
	is_string(above)
	regex.match(`\A(?:job|pod)?template\z`, lower(above))
}
