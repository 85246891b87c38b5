package policylib.lib.slos_test

import rego.v1

import data.policylib.lib.slos

slo(item) := {"at": [], "name": "requests", "item": item}

of_availability(objective) := slo({"indicator": "availability", "objective": objective})

test_well_formed if {
	every item in [
		{"objective": 99.95}, {"target": 99}, {"objective": 100}, {"objective": 0.001, "target": null}, {"objective": 95, "window": "30d"},
	] {
		slos.fault(slo(item)) == ""
	}
}

test_no_objective if {
	every item in [
		null, "x", [], {}, {"objective": null}, {"objective": 0}, {"objective": -1}, {"objective": 100.0001}, {"objective": 9995},
		{"objective": "99.95"}, {"objective": "99.95%"}, {"objective": true}, {"objective": "NaN"}, {"objective": [99.95]},
		{"objective": 99.95, "target": 99.95}, {"objective": 99.95, "target": 50}, {"Objective": 99.95},
	] {
		slos.fault(slo(item)) == "has an slo whose objective is no number above 0 and up to 100"
	}
}

test_no_name if {
	every name in [null, "", "TODO", 5, "-"] {
		slos.fault({"name": name, "item": {"objective": 99}}) == "has an slo without a name"
	}
}

test_enough_availability if {
	slos.promise([of_availability(99.95)], 99.95)
	slos.promise([of_availability(10), of_availability(99.99)], 99.95)
	every indicator in ["Availability", "http-availability", "availability_5m", "edge.availability", "request availability"] {
		slos.promise([slo({"indicator": indicator, "objective": 99.95})], 99.95)
	}
	slos.promise([{"name": "availability", "item": {"target": 99.95}}], 99.95)
}

test_too_little_availability if {
	every given in [
		[], [of_availability(99.94)], [of_availability(100.5)], [of_availability("99.99")], [of_availability(null)],
		[slo({"objective": 99.99})], [slo({"indicator": "latency", "objective": 99.99})], [slo(null)], [slo("availability")],
		[slo({"indicator": "unavailability", "objective": 99.99})], [slo({"indicator": ["availability"], "objective": 99.99})],
		[slo({"indicator": "availabilityless", "objective": 99.99})],
		[{"name": "availability", "item": {"indicator": "latency", "objective": 99.99}}],
		[{"name": "availability", "item": {"indicator": null, "objective": 99.99}}], [{"name": null, "item": {"objective": 99.99}}],
	] {
		not slos.promise(given, 99.95)
	}
}
