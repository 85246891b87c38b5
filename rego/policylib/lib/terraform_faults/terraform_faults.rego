# METADATA
# title: Faults of Terraform plans
# description: What keeps a Terraform plan from being judged in full.
package policylib.lib.terraform_faults

import rego.v1

import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.review.document
import data.policylib.lib.terraform.is_plan
import data.policylib.lib.terraform.resources
import data.policylib.lib.terraform.roots
import data.policylib.lib.terraform_modules

faults contains {"path": "", "why": "holds no resources that could be judged"} if {
	is_plan
	roots == {}
	not holds_changes
}

faults contains {"path": pointer.join("", fault.path), "why": fault.why} if {
	some key, root in roots
	some fault in terraform_modules.faults(root, [key, "root_module"])
}

faults contains {"path": pointer.join("", [key, "root_module"]), "why": "is no module"} if {
	some key, root in roots
	not is_object(root)
}

faults contains {"path": pointer.child("", key), "why": "is not a list of objects"} if {
	is_plan
	some key in ["deferred_changes", "resource_changes"]
	terraform_modules.is_odd(read.at(document, key, []))
}

faults contains {"path": pointer.join("", resource.path), "why": sprintf("has a resource without %s", [key])} if {
	some resource in resources
	some key in ["address", "type"]
	resource[key] == ""
}

faults contains {"path": "/errored", "why": "says that the plan failed"} if {
	is_plan
	errored := read.at(document, "errored", false)
	not is_unset(errored)
}

faults contains {"path": "/format_version", "why": "is a version that nobody knows here"} if {
	is_plan
	version := read.at(document, "format_version", "1.0")
	not is_known(version)
}

holds_changes if is_array(read.at(document, "resource_changes", null))

is_unset(errored) if errored in {false, null}

is_known(version) if {
	is_string(version)
	regex.match(`\A[01](?:[.][0-9]+)*\z`, version)
}
