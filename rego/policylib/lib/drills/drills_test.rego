package policylib.lib.drills_test

import rego.v1

import data.policylib.lib.drills

# A drill within 90 days.
judged(drill) := drills.fault(drill, 7776000)

# 2026-03-02T12:00:00Z
now := 1772452800000000000

each(given, why) if {
	every drill in given {
		judged(drill) == why
	}
}

test_drilled_or_planned if {
	each(
		[
			{"last": "2026-03-01"}, {"last": "2026-03-02"}, {"last": "2025-12-02"}, {"last": "2025-12-02T12:00:00Z"},
			{"last": "2026-03-02T11:59:59Z"}, {"next": "2026-03-02"}, {"next": "2026-05-30"}, {"next": "2026-05-31T12:00:00Z"},
			{"last": "2020-01-01", "next": "2026-04-01"}, {"last": "2026-03-01", "next": "2026-03-01"},
			{"last": "2026-03-01", "next": "2026-02-15"}, {"last": null, "next": "2026-03-10"}, {"last": "2026-03-01", "next": null},
		],
		"",
	) with time.now_ns as now
}

test_none if {
	each(
		[null, "2026-03-01", [], ["2026-03-01"], {}, {"last": null}, {"Next": "2026-03-10"}, true],
		"has no chaos drill, neither a last nor a next one",
	) with time.now_ns as now
}

test_a_last_drill_has_taken_place if {
	each(
		[
			{"last": "soon"}, {"last": "2026-03-04"}, {"last": "2026-03-02T12:00:01Z"}, {"last": "2026-03-02T13:00:00+00:30"},
			{"last": "2098-01-01"}, {"last": "2026-02-30"}, {"last": 20260301}, {"last": true},
			{"last": "2026-03-04T12:00:01Z", "next": "2026-03-10"}, {"last": "", "next": "2026-03-10"},
		],
		"has a last chaos drill whose date is none, or is yet to come",
	) with time.now_ns as now
}

# A second before midnight.
eve := 1772495999000000000

test_the_day_after_has_not_taken_place if {
	each([{"last": "2026-03-02"}], "") with time.now_ns as eve
	each([{"last": "2026-03-03"}], "has a last chaos drill whose date is none, or is yet to come") with time.now_ns as eve
}

test_a_next_drill_has_a_date if {
	each(
		[{"next": "soon"}, {"next": "2026-13-01"}, {"last": "2026-03-01", "next": "Q3"}, {"next": 5}, {"next": ["2026-03-10"]}],
		"has a next chaos drill whose date is none",
	) with time.now_ns as now
}

test_a_missed_drill if {
	each(
		[
			{"next": "2020-01-01"}, {"next": "2026-03-01"}, {"last": "2026-02-27", "next": "2026-02-28"},
			{"next": "2026-03-02T12:00:00Z"}, {"last": "2020-01-01", "next": "2020-06-01"},
		],
		"has missed its next chaos drill, or not noted it as the last",
	) with time.now_ns as now
}

test_too_late if {
	each(
		[
			{"next": "2026-06-01"}, {"next": "2026-05-31T12:00:01Z"}, {"next": "2098-01-01"}, {"next": "2199-12-31"},
			{"last": "2026-03-01", "next": "2098-01-01"},
		],
		"has its next chaos drill later than its tier demands",
	) with time.now_ns as now
}

test_too_long_ago if {
	each(
		[
			{"last": "2025-12-01"}, {"last": "2020-01-01"}, {"last": "2025-12-02T11:59:59Z"},
			{"last": "2020-06-01", "next": "2020-01-01"},
		],
		"has its last chaos drill longer ago than its tier demands",
	) with time.now_ns as now
}
