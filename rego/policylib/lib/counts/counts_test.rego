package policylib.lib.counts_test

import rego.v1

import data.policylib.lib.counts

test_counts if {
	every x in [0, 1, 3, 3.0, 1000000] {
		counts.is_count(x)
	}
	every x in [null, true, "3", "", [], {}, -1, 0.5, 3.000001, -0.5] {
		not counts.is_count(x)
	}
}

test_numbers if {
	counts.number(2.5) == 2.5
	counts.number(-7) == -7
	every x in [null, true, "3", [], {}] {
		counts.number(x) == -1
	}
}

test_shown if {
	counts.shown(3) == "3"
	counts.shown(3.0) == "3"
	counts.shown(0) == "0"
}

test_decimals if {
	every text, x in {
		"0": 0, "1": 1, "99": 99, "99.5": 99.5, "99.95": 99.95, "99.999": 99.999, "100": 100.0, "99.9": 99.90, "0.000001": 0.000001,
		"10": 10, "1.05": 1.05, "33.333333": 33.33333333,
	} {
		counts.decimal(x) == text
	}
}

test_read if {
	counts.read("0") == 0
	counts.read("123456789") == 123456789
	counts.read("007") == 7
	counts.read("10") == 10
	every text in ["", "-1", "1.5", " 1", "1\n", "x", "1e3", "1234567890", "٣", null, 5, true, [], {}] {
		counts.read(text) == -1
	}
}
