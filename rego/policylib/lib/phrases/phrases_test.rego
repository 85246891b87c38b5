package policylib.lib.phrases_test

import rego.v1

import data.policylib.lib.phrases

test_several if {
	every case in [
		["pii", ["pii"]],
		["pii, logs ,public", ["pii", "logs", "public"]],
		["pii ", ["pii "]],
		["pii,", ["pii", ""]],
		["", [""]],
		[["pii", "a,b"], ["pii", "a,b"]],
		[[], [[]]],
		[[["pii"]], [["pii"]]],
		[null, [null]],
		[{"a": 1}, [{"a": 1}]],
	] {
		phrases.several(case[0]) == case[1]
	}
}

test_words if {
	every case in [
		["a\tb", `"a?b"`, "a\tb"],
		[null, "missing", ""],
		[5, "a number, not text", ""],
		[["a"], "an array, not text", ""],
		[true, "a boolean, not text", ""],
		[{"a": 1}, "an object, not text", ""],
	] {
		phrases.named(case[0]) == case[1]
		phrases.text(case[0]) == case[2]
	}
	count(phrases.printable(concat("", ["x" | some _ in numbers.range(1, 200)]))) == 100
}

test_said if {
	phrases.said(["us-east-1", "mars", null, "West Europe"]) == "us-east-1, West Europe"
	phrases.said(["us-east-1"]) == "us-east-1"
	phrases.said([]) == "no region"
	phrases.said(["mars"]) == "no region"
}
