# METADATA
# title: Total reads
# description: Reads that have an answer for every value, so that no rule falls silent on a strange shape.
package policylib.lib.read

import rego.v1

# The value under a key of an object, else the fallback.
at(x, k, fallback) := object.get(x, k, fallback) if {
	is_object(x)
} else := fallback

# The value at a path of keys, else the fallback.
dig(x, path, fallback) := object.get(x, path, fallback) if {
	is_object(x)
} else := fallback

# The text under a key, else "".
text(x, k) := value if {
	is_object(x)
	value := object.get(x, k, "")
	is_string(value)
} else := ""

# The array under a key, else [].
list(x, k) := value if {
	is_object(x)
	value := object.get(x, k, [])
	is_array(value)
} else := []

# The object under a key, else {}.
object_at(x, k) := value if {
	is_object(x)
	value := object.get(x, k, {})
	is_object(value)
} else := {}

# The last element of an array, else "".
last(xs) := xs[count(xs) - 1] if {
	count(xs) > 0
} else := ""

# A text that says something.
filled(x) if {
	is_string(x)
	trim_space(x) != ""
}

# A key whose value is neither absent, null nor blank.
says(x, k) if {
	value := at(x, k, null)
	not is_null(value)
	not is_blank(value)
}

is_blank(x) if {
	is_string(x)
	trim_space(x) == ""
}
