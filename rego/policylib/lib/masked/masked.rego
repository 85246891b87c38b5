# METADATA
# title: Masked datasets
# description: Which datasets of a region are masked, by the settings or else by their name.
package policylib.lib.masked

import rego.v1

import data.policylib.lib.phrases
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.settings

# What the settings list for a region, else what the convention calls it.
datasets(region) := named if {
	named := listed(region)
} else := set() if {
	not is_object(settings.get(["residency", "preview_datasets"], {}))
} else := {full, regex.replace(full, `-[0-9]+\z`, "")} if {
	full := concat("-", ["masked", region])
}

listed(region) := {dataset | some list in lists; some dataset in list; is_string(dataset)} if {
	entries := read.object_at(settings.get(["residency"], {}), "preview_datasets")
	lists := [read.list(entries, key) | some key in object.keys(entries); regions.region(key) == region]
	count(lists) > 0
}

listing(names) := phrases.printable(concat(", ", sort(names))) if {
	count(names) > 0
} else := "none"
