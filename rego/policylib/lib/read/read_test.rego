package policylib.lib.read_test

import rego.v1

import data.policylib.lib.read

test_reads_what_is_there if {
	x := {"text": "t", "list": [1], "object": {"a": 1}}
	read.at(x, "text", null) == "t"
	read.dig(x, ["object", "a"], null) == 1
	read.text(x, "text") == "t"
	read.list(x, "list") == [1]
	read.object_at(x, "object") == {"a": 1}
}

test_answers_for_every_shape if {
	every x in [null, true, 1, "text", [1], {}, {"key": null}] {
		read.at(x, "absent", "f") == "f"
		read.dig(x, ["a", "b"], "f") == "f"
		read.text(x, "key") == ""
		read.list(x, "key") == []
		read.object_at(x, "key") == {}
	}
}

test_null_is_a_value if is_null(read.at({"key": null}, "key", "f"))

test_digs_through_arrays if read.dig({"a": [{"b": 1}]}, ["a", 0, "b"], null) == 1

test_last if {
	read.last([1, 2]) == 2
	read.last([1]) == 1
	read.last([]) == ""
}

test_blank_texts_say_nothing if {
	every x in ["", " \t\n", null] {
		not read.filled(x)
		not read.says({"key": x}, "key")
	}
	not read.says({}, "key")
}

test_others_say_something if {
	every x in ["x", 0, false, []] {
		read.says({"key": x}, "key")
	}
	read.filled("x")
	not read.filled(1)
}
