package policylib.lib.terraform_places_test

import rego.v1

import data.policylib.lib.terraform_places

attribute(name, value) := {"key": texts[count(texts) - 1], "name": name, "path": texts, "texts": texts, "value": value} if {
	texts := split(name, ".")
}

store(kept, values, given) := {
	"attributes": [attribute(name, value) | some name, value in values],
	"given": given,
	"kept": object.union({"home": {"region"}, "inherits": {"region"}}, kept),
	"path": ["r", 0],
}

provider := {"expressions": {}, "region": "us-east-1", "zone": "us-east-1a"}

stated(kept, values, given) := {[place.path, place.name, place.value] | some place in terraform_places.stated(store(kept, values, given))}

test_what_is_said if {
	stated({}, {"region": "eu", "replica.region_name": "a,b", "bucket": "x", "tags.zone": "y", "zone": "1"}, set()) == {
		["/r/0/region", "region", "eu"],
		["/r/0/replica/region_name", "replica.region_name", "a"],
		["/r/0/replica/region_name", "replica.region_name", "b"],
	}
}

test_homes_under_other_names if {
	stated({"home": {"config"}}, {"config": "regional-us-east1"}, set()) == {["/r/0/config", "config", "us-east1"]}
	every kind in ["from", "must", "to"] {
		stated({"home": {"bucket"}, kind: {"bucket": "aws_s3_bucket"}}, {"bucket": "b"}, set()) == set()
	}
}

test_where_the_provider_makes_things if {
	stated({}, {"replica.region_name": "eu"}, {provider}) == {
		["/r/0/replica/region_name", "replica.region_name", "eu"],
		["/r/0", "", "us-east-1"],
	}
	stated({"inherits": {"region", "zone"}}, {}, {provider}) == {["/r/0", "", "us-east-1"], ["/r/0", "", "us-east-1a"]}
	stated({"inherits": set()}, {}, {provider}) == set()
	stated({}, {"region": "eu"}, {provider}) == {["/r/0/region", "region", "eu"]}
	stated({"home": set()}, {"replica.region_name": "eu"}, {provider}) == {["/r/0/replica/region_name", "replica.region_name", "eu"]}
	stated({}, {}, {object.union(provider, {"region": null})}) == set()
	stated({}, {}, set()) == set()
}

test_a_home_that_is_said_and_not_known if {
	configured := object.union(provider, {"expressions": {"region": {"references": ["x"]}}})
	stated({}, {}, {configured}) == set()
	zoned := object.union(provider, {"expressions": {"zone": {"references": ["x"]}}})
	stated({"home": {"region", "zone"}}, {}, {zoned}) == set()
	stated({"home": {"region", "zone"}, "local": {"zone"}}, {}, {zoned}) == {["/r/0", "", "us-east-1"]}
}

test_what_stands_in_for_another if {
	kept := {"instead": {"location": "placement.locations"}}
	stated(kept, {"location": "US", "placement.locations": "a"}, set()) == {["/r/0/placement/locations", "placement.locations", "a"]}
	stated(kept, {"location": "US"}, set()) == {["/r/0/location", "location", "US"]}
}

test_everywhere if stated({"global": true}, {"region": "eu"}, {provider}) == {["/r/0", "", "global"]}

at(name) := {"path": "", "name": name, "value": "x"}

test_homes if {
	every name in ["region", ""] {
		terraform_places.is_home(store({}, {}, set()), {at(name)})
	}
	not terraform_places.is_home(store({}, {}, set()), {at("replica.region_name")})
	not terraform_places.is_home(store({}, {}, set()), set())
	terraform_places.is_home(store({"home": set()}, {}, set()), {at("replica.region_name")})
	not terraform_places.is_home(store({"home": set()}, {}, set()), set())
}

test_local if {
	terraform_places.is_local("zone", {"local": {"zone"}})
	not terraform_places.is_local("region", {"local": {"zone"}})
	not terraform_places.is_local("zone", {})
}
