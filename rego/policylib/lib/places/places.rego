# METADATA
# title: Places
# description: >-
#   What keys and texts say of where data rests, before anyone asks whether a place is known or
#   permitted.
package policylib.lib.places

import rego.v1

import data.policylib.lib.read

# A key that names a place: zone, availability_zones, region_name, location_id, and whatever stands
# before it with something between, as in topology.kubernetes.io/zone.
words := `(?:\A|[^a-z0-9])(?:azs?|zones?|zone_?names?|(?:regions?|locations?)(?:_?(?:names?|ids?))?)\z`

# The same in camel case, as in availabilityZone.
humps := `[a-z0-9](?:AZs?|Zones?|Regions?|Locations?)(?:Names?|Ids?)?\z`

# Zones of time and names.
others := `(?:dns|hosted|managed|security|time)[^a-z0-9]?zones?(?:[^a-z0-9]?names?)?\z`

is_key(key) if {
	speaks(key)
	not is_other(key)
}

speaks(key) if regex.match(words, lower(key))

speaks(key) if regex.match(humps, key)

is_other(key) if regex.match(others, lower(key))

# The places in a text: those within it, or the parts of a list. What is left of an ARN, or of a URL,
# names none, and a digit is a zone of whatever region.
parts(text) := found if {
	found := within(text)
	count(found) > 0
} else := set() if {
	regex.match(`\Aarn:|://|\A[0-9]\z`, text)
} else := {part |
	some listed in split(regex.replace(text, ` *(?:,|;|__) *`, ","), ",")
	part := trim_prefix(listed, "regional-")
	read.filled(part)
}

# What follows zones/ and the like in a resource's name, and the region of an ARN.
within(text) := followed(text) | of_arn(text)

followed(text) := {trim_prefix(segments[i + 1], "regional-") |
	segments := split(text, "/")
	some i, segment in segments
	lower(segment) in {"instanceconfigs", "locations", "regions", "zones"}
	segments[i + 1] != ""
}

of_arn(text) := {region |
	startswith(text, "arn:")
	region := split(text, ":")[3]
	region != ""
}

# A value as the parts of a text; what is no text is shown, and no such place is known.
of_value(value) := parts(value) if {
	is_string(value)
} else := set() if {
	is_null(value)
} else := set() if {
	is_boolean(value)
} else := {json.marshal(value)}

# Every place that stands under a key that names one: a set of path and value.
stated(x) := {{"path": path, "value": part} |
	walk(x, [path, value])
	is_scalar(value)
	keys := [key | some key in path; is_string(key)]
	is_key(read.last(keys))
	some part in of_value(value)
}

is_scalar(value) if is_string(value)

is_scalar(value) if is_number(value)

# Every place that an expression chooses by a key: nodeAffinity, selectors, allowedTopologies.
chosen(x) := {{"path": array.concat(path, one.path), "value": part} |
	walk(x, [path, expression])
	is_key(read.text(expression, "key"))
	not excludes(read.text(expression, "operator"))
	some one in each(read.at(expression, "values", null))
	some part in of_value(one.value)
}

excludes(operator) if operator in {"DoesNotExist", "Exists", "NotIn"}

each(values) := [{"path": ["values", i], "value": value} | some i, value in values] if {
	is_array(values)
} else := [{"path": ["values"], "value": values}]
