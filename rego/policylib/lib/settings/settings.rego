# METADATA
# title: Settings
# description: The one place that reads settings; whoever carries the rules elsewhere replaces this file.
package policylib.lib.settings

import rego.v1

# Without settings every rule is at its strictest.
default given := {}

given := settings if {
	settings := data.settings
	is_object(settings)
}

get(path, fallback) := object.get(given, path, fallback)

# Whether the settings have a section for a family, whatever it holds.
speaks_of(family) if family in object.keys(given)
