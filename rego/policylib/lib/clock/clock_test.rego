package policylib.lib.clock_test

import rego.v1

import data.policylib.lib.clock

# 2026-03-02T12:00:00Z
now := 1772452800000000000

test_instants if {
	every text in [
		"2026-03-02", "1970-01-01", "1970-01-01T00:00:00Z", "2199-12-31", "2024-02-29", "2000-02-29", "2026-03-02T23:59:59Z",
		"2026-03-02T00:00:00.123456789+02:00",
	] {
		clock.is_instant(text)
	}
}

test_no_instants if {
	every text in [
		null, 5, true, [], {}, "", "soon", "2026", "2026-3-2", "2026-13-01", "2026-00-10", "2026-04-31", "2026-02-30",
		"2025-02-29", "2100-02-29", "2026-01-32", "2026-01-00", "1969-12-31", "2200-01-01", "9999-12-31",
		"2026-03-02T24:00:00Z", "2026-03-02T12:00:60Z", "2026-03-02T12:00:00", "2026-03-02 12:00:00Z",
		"2026-03-02T12:00:00z", "2026-03-02\n", " 2026-03-02", "2026-03-02T12:00:00+24:00",
		"2026-04-31T12:00:00Z", "２026-03-02", " 2026-03-02T12:00:00Z", "x2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z\n",
		"2024-02-31", "2026-06-31", "2026-09-31", "2026-11-31",
	] {
		not clock.is_instant(text)
		not clock.is_ahead(text)
		not clock.is_behind(text)
	}
}

test_a_date_holds_to_its_end if {
	clock.ns("2026-03-02") == 1772496000000000000
	clock.is_ahead("2026-03-02") with time.now_ns as now
	not clock.is_ahead("2026-03-01") with time.now_ns as now
}

test_an_instant_that_is_now_is_behind if {
	clock.is_behind("2026-03-02T12:00:00Z") with time.now_ns as now
	not clock.is_ahead("2026-03-02T12:00:00Z") with time.now_ns as now
	clock.is_ahead("2026-03-02T12:00:00.000000001Z") with time.now_ns as now
	clock.is_behind("2026-03-02T13:59:00+02:00") with time.now_ns as now
}

test_within if {
	clock.is_within("2026-03-02T11:59:00Z", 60) with time.now_ns as now
	not clock.is_within("2026-03-02T11:58:59.999999999Z", 60) with time.now_ns as now
	not clock.is_within("2026-03-02T12:00:01Z", 60) with time.now_ns as now
	not clock.is_within("yesterday", 60) with time.now_ns as now
}
