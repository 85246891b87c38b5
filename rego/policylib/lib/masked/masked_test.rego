package policylib.lib.masked_test

import rego.v1

import data.policylib.lib.masked

given(datasets) := {"residency": {"preview_datasets": datasets}}

test_by_their_name if {
	masked.datasets("us-east-1") == {"masked-us-east-1", "masked-us-east"}
	masked.datasets("europe-west1") == {"masked-europe-west1"}
	masked.datasets("westeurope") == {"masked-westeurope"}
}

test_by_the_settings if {
	settings := given({"us-east-1": ["masked-a"], "US East (N. Virginia)": ["masked-b"], "us-west-2": ["masked-c"], "mars": ["masked-d"]})
	masked.datasets("us-east-1") == {"masked-a", "masked-b"} with data.settings as settings
	masked.datasets("eu-west-1") == {"masked-eu-west-1", "masked-eu-west"} with data.settings as settings
}

test_malformed_settings_permit_no_dataset if {
	every odd in [null, [], "masked-us-east-1", 5] {
		masked.datasets("us-east-1") == set() with data.settings as given(odd)
	}
	every odd in [null, {}, "masked-us-east-1", [], [5, null, ["masked-us-east-1"]]] {
		masked.datasets("us-east-1") == set() with data.settings as given({"us-east-1": odd})
	}
}

test_listing if {
	masked.listing({"b", "a\n"}) == "a?, b"
	masked.listing({"a"}) == "a"
	masked.listing(set()) == "none"
}
