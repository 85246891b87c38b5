package policylib.lib.durations_test

import rego.v1

import data.policylib.lib.durations

test_durations if {
	{text: durations.ms(text) | some text, _ in expected} == expected
}

expected := {
	"250ms": 250,
	"1s": 1000,
	"5m": 300000,
	"1h": 3600000,
	"90d": 7776000000,
	"1h30m": 5400000,
	"1d2h3m4s5ms": 93784005,
	"0s": 0,
	"007m": 420000,
	"012345ms": 12345,
	"678900ms": 678900,
	"999999d": 86399913600000,
}

test_what_is_no_duration if {
	every x in [
		null, true, 5, 0, [], {}, "", " ", "5", "m", "-5m", "+5m", "1.5h", "5 m", " 5m", "5m ", "5m\n", "5M", "5min", "1w",
		"1y", "PT5M", "30m1h", "1h1h", "1000000d", "1e3s", "５m", "0x5m", "5m,", "1_000ms", "5ms1s", "5µs", "1h 30m",
	] {
		durations.ms(x) == -1
	}
}
