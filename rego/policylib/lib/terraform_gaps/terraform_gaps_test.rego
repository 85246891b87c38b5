package policylib.lib.terraform_gaps_test

import rego.v1

import data.policylib.lib.terraform_gaps

attribute(name, value) := {"key": texts[count(texts) - 1], "name": name, "path": texts, "texts": texts, "value": value} if {
	texts := split(name, ".")
}

store(parts) := object.union({"attributes": [], "unknown": [], "given": set(), "kept": {}, "path": ["r"]}, parts)

unknown(names, parts) := {gap.why | some gap in terraform_gaps.unknown(store(object.union(parts, {"unknown": [attribute(name, true) |
	some name in names
]})))}

known(expressions) := {"given": {{"expressions": expressions}}}

test_places_that_only_the_apply_will_tell if {
	every name in [
		"location", "replica.region_name", "destination_region", "account_replication_type", "storage_mode_type",
		"geo_redundant_backup_enabled", "storage_account_type",
	] {
		unknown([name], {}) == {sprintf("%s is known only after apply", [name])}
	}
	every name in [
		"arn", "region", "zone", "zones", "bucket_region", "source_region", "primary_location", "secondary_location", "location_id",
		"alternative_location_id", "tags.region", "rule.id", "backup.storage_redundancy",
	] {
		unknown([name], {}) == set()
	}
	terraform_gaps.unknown(store({"unknown": [attribute("a.location", true)]})) == {{
		"path": "/r/a/location",
		"why": "a.location is known only after apply",
	}}
	every value in [false, "true", 1] {
		terraform_gaps.unknown(store({"unknown": [attribute("location", value)]})) == set()
	}
}

test_what_nobody_sets_is_computed if {
	unknown(["location", "destination_region"], known({})) == set()
	unknown(["location"], known({"location": {"references": ["x"]}})) == {"location is known only after apply"}
	unknown(["region"], known({"region": {"references": ["x"]}})) == {"region is known only after apply"}
	unknown(["a.region"], known({"a": [{"b": {"constant_value": 1}}]})) == set()
	unknown(["a.region"], known({"a": [{"region": {"references": ["x"]}}]})) == {"a.region is known only after apply"}
	unknown(["a.region"], known({})) == {"a.region is known only after apply"}
}

test_blocks_of_copies if {
	every name in ["replica", "geo_location"] {
		unknown([name], known({})) == {sprintf("%s is known only after apply", [name])}
	}
	unknown(["a.replica"], {}) == set()
}

test_what_never_leaves_the_region if {
	parts := object.union({"kept": {"local": {"zone"}}}, known({"zone": {"references": ["x"]}}))
	unknown(["zone"], parts) == set()
	unknown(["zone"], object.remove(parts, ["kept"])) == {"zone is known only after apply"}
}

test_what_needs_a_place if {
	needs := {"kept": {"needs": {"backup.enabled": "backup.location"}}}
	on := {"attributes": [attribute("backup.enabled", true)]}
	terraform_gaps.needed(store(object.union(needs, on))) == {{
		"path": "/r/backup/enabled",
		"why": "its backups are kept in several regions, since it says no backup.location",
	}}
	off := {"attributes": [attribute("backup.enabled", false)]}
	terraform_gaps.needed(store(object.union(needs, off))) == set()
	placed := {"attributes": [attribute("backup.enabled", true), attribute("backup.location", "x")]}
	terraform_gaps.needed(store(object.union(needs, placed))) == set()
	other := {"attributes": [attribute("backup.other", true)]}
	terraform_gaps.needed(store(object.union(needs, other))) == set()
	terraform_gaps.needed(store(needs)) == set()
	terraform_gaps.needed(store(on)) == set()
}

test_copies_in_the_paired_region if {
	asking := store({"attributes": [attribute("account_replication_type", "GRS"), attribute("name", "GRS")]})
	placed := {{"path": "/r/location", "name": "location", "value": "West Europe"}, {"path": "", "name": "", "value": "us-east-1"}}
	terraform_gaps.pairs(asking, placed) == {{"path": "/r/account_replication_type", "name": "", "value": "northeurope"}}
	nested := store({"attributes": [attribute("sku.name", "Standard_GRS")]})
	terraform_gaps.pairs(nested, placed) == {{"path": "/r/sku/name", "name": "", "value": "northeurope"}}
	terraform_gaps.pairs(asking, set()) == set()
	terraform_gaps.pairs(store({}), placed) == set()
	terraform_gaps.unpaired(asking, set()) == {{
		"path": "/r/account_replication_type",
		"why": "it asks for copies in the paired region, and none is known",
	}}
	terraform_gaps.unpaired(asking, placed) == set()
	terraform_gaps.unpaired(store({}), set()) == set()
}
