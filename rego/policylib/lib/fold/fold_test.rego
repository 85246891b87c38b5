package policylib.lib.fold_test

import rego.v1

import data.policylib.lib.fold

test_keys_in_any_case if {
	fold.keys({"NewTag": "1", "other": 2}, ["newTag", "digest"]) == {"newTag": "1"}
	fold.keys(null, ["newTag"]) == {}
}

test_values_under_a_key if {
	fold.at({"A": 1, "b": 3}, "a") == [1]
	sort(fold.at({"A": 1, "a": 2}, "a")) == [1, 2]
	fold.at("text", "a") == []
	fold.at({"patche\u017f": 1}, "patches") == [1]
}

test_keys_that_differ_in_case_alone if {
	count(fold.faults("/x", {"A": 1, "a": 2})) == 1
	every x in [{"a": 1, "b": 2}, {}, null, "text"] {
		count(fold.faults("/x", x)) == 0
	}
}

test_values_along_a_path if {
	fold.under({"A": {"b": 1}, "a": {"B": 2}, "c": 3}, ["a", "b"]) == [1, 2]
	fold.under({"A": {"b": {"C": 1, "d": 2}}}, ["a", "b", "c"]) == [1]
	every x in [null, "text", {}, {"a": "b"}, {"a": {"c": 1}}] {
		fold.under(x, ["a", "b"]) == []
		fold.under(x, ["a", "b", "c"]) == []
	}
}
