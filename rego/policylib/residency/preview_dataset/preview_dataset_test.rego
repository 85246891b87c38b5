package policylib.residency.preview_dataset_test

import rego.v1

import data.policylib.residency.preview_dataset

of(values) := {"review": {"object": {"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": values}}}

messages contains v.msg if some v in preview_dataset.violation

test_the_plans_overlay if {
	preview_dataset.violation == set() with input as of({
		"region": "us-east-1",
		"datasets": {"users": "masked-us-east", "docs": "masked-us-east"},
	})
}

test_masked_datasets_of_the_region if {
	every values in [
		{"region": "us-east-1", "datasets": {"users": "masked-us-east-1"}},
		{"region": "US East (N. Virginia)", "datasets": {"users": "masked-us-east"}},
		{"preview": {"region": "westeurope", "datasets": {"users": "masked-westeurope"}}},
		{"region": "mars"},
		{"data": {"datasets": {"users": "prod"}}},
	] {
		preview_dataset.violation == set() with input as of(values)
	}
}

test_a_violation_names_the_dataset if {
	preview_dataset.violation == {{
		"msg": `the dataset is "prod-users", and the masked ones of us-east-1 are masked-us-east, masked-us-east-1`,
		"details": {"path": "/values/datasets/users", "dataset": "prod-users"},
	}} with input as of({"region": "us-east-1", "datasets": {"users": "prod-users"}})
	preview_dataset.violation == {{
		"msg": "the dataset is an object, not text, and the masked ones of us-east-1 are masked-us-east, masked-us-east-1",
		"details": {"path": "/values/preview/datasets/a~1b", "dataset": ""},
	}} with input as of({"preview": {"region": "us-east-1", "datasets": {"a/b": {"name": "masked-us-east"}}}})
}

test_what_is_not_masked_or_lies_elsewhere if {
	every dataset in [
		"", "masked", "masked-us-west", "masked-us-east-2", "MASKED-us-east", "masked-us-east ", "unmasked-us-east", null, 5, ["masked-us-east"],
	] {
		count(preview_dataset.violation) == 1 with input as of({"region": "us-east-1", "datasets": {"users": dataset}})
	}
}

test_a_preview_has_one_known_region if {
	every case in [
		[null, "missing"],
		["", `""`],
		["mars", `"mars"`],
		["EU", `"EU"`],
		["global", `"global"`],
		[["us-east-1"], "an array, not text"],
	] {
		preview_dataset.violation == {{
			"msg": concat(" ", ["a preview has one known region, and this is", case[1]]),
			"details": {"path": "/values/region", "region": shown(case[0])},
		}} with input as of({"region": case[0], "datasets": {"users": "masked-us-east"}})
	}
	count(preview_dataset.violation) == 1 with input as of({"preview": {"datasets": {"users": "masked-us-east"}}, "region": "us-east-1"})
}

shown(x) := x if is_string(x)

shown(x) := "" if not is_string(x)

test_datasets_are_named_one_by_one if {
	every datasets in [null, {}, [], ["masked-us-east"], "masked-us-east"] {
		preview_dataset.violation == {{
			"msg": "a preview names its datasets, one by one",
			"details": {"path": "/values/datasets"},
		}} with input as of({"region": "us-east-1", "datasets": datasets})
	}
}

test_by_the_settings if {
	given := {"residency": {"preview_datasets": {"us-east-1": ["anonymous-7"]}}}
	preview_dataset.violation == set()
		with input as of({"region": "us-east-1", "datasets": {"users": "anonymous-7"}})
		with data.settings as given
	messages == {`the dataset is "masked-us-east", and the masked ones of us-east-1 are anonymous-7`} with input as of({
		"region": "us-east-1",
		"datasets": {"users": "masked-us-east"},
	})
		with data.settings as given
}

test_other_kinds_and_shapes if {
	every document in [
		null,
		{"kind": "ConfigMap", "values": {"datasets": {"users": "prod"}}},
		{"kind": "HelmValues", "values": null},
		{"kind": "HelmValues", "values": ["datasets"]},
		{"kind": "HelmValues", "values": {"preview": ["datasets"]}},
	] {
		preview_dataset.violation == set() with input as {"review": {"object": document}}
	}
}
