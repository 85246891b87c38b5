package policylib.lib.terraform_tags_test

import rego.v1

import data.policylib.lib.terraform_tags

tag(map, key, value) := {"texts": [map, key], "key": key, "value": value}

usual := "policylib.dev/data-class"

test_spellings_of_a_key if {
	every key in [
		"policylib.dev/data-class", "policylib_dev_data-class", "data-class", "data_class", "DataClass", "Data-Class", "data:class", "Data Class",
	] {
		terraform_tags.is_spelling(key, usual)
	}
	every key in ["", "class", "data", "data_classification", "example.com/data-class", "region"] {
		not terraform_tags.is_spelling(key, usual)
	}
	terraform_tags.is_spelling("team", "team")
}

test_values_in_every_map if {
	every map in [
		"tags", "labels", "tags_all", "terraform_labels", "effective_labels", "user_labels", "resource_labels", "freeform_tags", "defined_tags",
	] {
		terraform_tags.values([tag(map, "data_class", "pii"), tag(map, "other", "x")], usual) == {"pii"}
	}
	attributes := [tag("tags", "data_class", "logs"), tag("tags_all", "data-class", ["pii"]), tag("settings", "data_class", "x")]
	terraform_tags.values(attributes, usual) == {"logs", ["pii"]}
	terraform_tags.values([{"texts": ["settings", "user_labels", "data_class"], "key": "data_class", "value": "pii"}], usual) == {"pii"}
}

test_what_is_a_tag if {
	terraform_tags.is_tag(["tags", "x"])
	terraform_tags.is_tag(["a", "effective_labels", "x"])
	not terraform_tags.is_tag(["tags"])
	not terraform_tags.is_tag(["a", "labels"])
	not terraform_tags.is_tag([])
	not terraform_tags.is_tag(["settings", "x"])
}

test_tags_of_its_own if {
	every map in ["tags", "labels", "user_labels", "freeform_tags", "defined_tags"] {
		terraform_tags.is_tagged([tag(map, "data_class", "pii")], usual)
		not terraform_tags.is_tagged([tag(map, "other", "pii")], usual)
	}
	every map in ["tags_all", "terraform_labels", "effective_labels", "resource_labels", "settings"] {
		not terraform_tags.is_tagged([tag(map, "data_class", "pii")], usual)
	}
}

test_defaults if {
	terraform_tags.defaults({{"labels": {"data_class": "pii", "x": "y"}}, {"labels": {}}}, usual) == {"pii"}
	terraform_tags.defaults(set(), usual) == set()
}
