# METADATA
# title: Allow-listed pipelines
# description: >-
#   Which analytics pipelines may carry a class of data from one region to another: those that the
#   settings list with a data protection impact assessment, an owner and a date on which that ends.
package policylib.lib.pipelines

import rego.v1

import data.policylib.lib.clock
import data.policylib.lib.phrases
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.settings
import data.policylib.lib.stated
import data.policylib.lib.transfers.bodies
import data.policylib.lib.transfers.classes
import data.policylib.lib.transfers.ends

listed := read.list(settings.get(["residency"], {}), "pipelines")

# Each transfer that leaves its region: path, pipeline (null where it names none), from and to.
crossings contains {"path": path, "pipeline": read.at(body, "pipeline", null), "from": source.value, "to": target.value} if {
	some path, body in bodies
	some source in ends
	some target in ends
	[source.body, source.end] == [path, "from"]
	[target.body, target.end] == [path, "to"]
	not is_one_region(source.value, target.value)
}

is_one_region(source, target) if regions.canonical(source) == regions.canonical(target)

# What a crossing's pipeline may carry: body, pipeline, data_class, and the reason why it may not or "".
verdicts contains {"body": crossing.path, "pipeline": crossing.pipeline, "data_class": class.value, "reason": reason} if {
	some crossing in crossings
	some class in classes
	reason := fault(crossing, class.value, carrying(crossing, class.value))
}

refused contains verdict if {
	some verdict in verdicts
	verdict.reason != ""
}

# Whether a pipeline excuses where data of a class goes.
is_excused(one) if {
	some verdict in verdicts
	verdict.reason == ""
	[verdict.body, verdict.data_class, "to"] == [one.body, one.data_class, one.end]
}

fault(crossing, class, entries) := concat(" ", ["the pipeline is", phrases.named(crossing.pipeline)]) if {
	not is_string(crossing.pipeline)
} else := sprintf("no pipeline is allow-listed as %s", [phrases.shown(crossing.pipeline)]) if {
	not is_listed(crossing.pipeline)
} else := sprintf("pipeline %s is not allow-listed for data class %s from %s to %s", words) if {
	count(entries) == 0
	asked := [crossing.pipeline, class, crossing.from, crossing.to]
	words := [phrases.named(x) | some x in asked]
} else := "" if {
	some entry in entries
	is_answered(entry)
	clock.is_ahead(read.at(entry, "expires", null))
} else := sprintf("what allow-lists pipeline %s has expired, or names no date", [phrases.shown(crossing.pipeline)]) if {
	some entry in entries
	is_answered(entry)
} else := sprintf("what allow-lists pipeline %s lacks a DPIA or an owner", [phrases.shown(crossing.pipeline)])

is_listed(name) if {
	name != ""
	some entry in listed
	read.text(entry, "name") == name
}

# The entries for a class of data on its way.
carrying(crossing, class) := [entry |
	some entry in listed
	[read.text(entry, "name"), read.text(entry, "data_class")] == [crossing.pipeline, class]
	regions.covers([read.at(entry, "from", null)], crossing.from)
	regions.covers([read.at(entry, "to", null)], crossing.to)
]

# Someone answers for it.
is_answered(entry) if {
	stated.is_stated(read.at(entry, "dpia", null))
	stated.is_stated(read.at(entry, "owner", null))
}
