package policylib.lib.places_test

import rego.v1

import data.policylib.lib.places

values(found) := {place.value | some place in found}

test_keys_that_name_a_place if {
	every key in [
		"region", "Region", "regions", "location", "locations", "zone", "zones", "az", "azs", "region_name", "region_id", "location_id",
		"locationId", "zone_name", "availability_zone", "availability-zone", "availabilityZone", "availabilityZones", "secondaryRegion",
		"preferredAZ", "storage-locations", "topology.kubernetes.io/zone", "topology.gke.io/zone", "policylib.dev/region",
		"failure-domain.beta.kubernetes.io/region", "defaultLocationName",
	] {
		places.is_key(key)
	}
}

test_keys_that_do_not if {
	every key in [
		"", "regional", "timezone", "time_zone", "time-zone", "timeZone", "dns_zone", "hosted_zone", "hosted_zone_name", "hosted_zone_id",
		"managedZone", "security-zone", "zone_redundant", "allocation", "relocation", "zonename_x", "zone_id", "location_type",
		"az_distribution", "ozone", "topology.kubernetes.io/hostname", "data_class",
	] {
		not places.is_key(key)
	}
}

test_a_text_is_a_place_or_several if {
	places.parts("us-east-1") == {"us-east-1"}
	places.parts("West Europe") == {"West Europe"}
	places.parts("us-east1-b, us-east1-c") == {"us-east1-b", "us-east1-c"}
	places.parts("us-east1-b__us-east1-c;eu") == {"us-east1-b", "us-east1-c", "eu"}
	places.parts("regional-us-east1") == {"us-east1"}
	places.parts(" us-east-1") == {" us-east-1"}
	places.parts("us-east-1,, ") == {"us-east-1"}
	places.parts("") == set()
	places.parts("3") == set()
	places.parts("33") == {"33"}
}

test_places_within_a_name if {
	places.parts("projects/p/zones/us-central1-a/disks/d") == {"us-central1-a"}
	places.parts("https://www.googleapis.com/compute/v1/projects/p/regions/us-east1") == {"us-east1"}
	places.parts("/subscriptions/s/providers/x/Locations/westeurope") == {"westeurope"}
	places.parts("projects/p/instanceConfigs/regional-us-east1") == {"us-east1"}
	places.parts("projects/p/locations/") == {"projects/p/locations/"}
	places.parts("arn:aws:rds:eu-west-1:111122223333:db:a") == {"eu-west-1"}
	places.parts("arn:aws:s3:::bucket") == set()
	places.parts("s3://bucket/path") == set()
	places.within("bucket") == set()
	places.within("arn:aws") == set()
	places.within("barn:aws:rds:eu-west-1:1:db:a") == set()
}

test_values_of_any_type if {
	places.of_value("eu") == {"eu"}
	places.of_value(null) == set()
	places.of_value(true) == set()
	places.of_value(5) == {"5"}
	places.of_value(["eu"]) == {`["eu"]`}
}

test_what_is_stated if {
	places.stated({"region": "eu", "a": {"zones": ["x", "y,z"]}, "size": "big", "zone": 7, "location": null, "azs": [true]}) == {
		{"path": ["region"], "value": "eu"},
		{"path": ["a", "zones", 0], "value": "x"},
		{"path": ["a", "zones", 1], "value": "y"},
		{"path": ["a", "zones", 1], "value": "z"},
		{"path": ["zone"], "value": "7"},
	}
	places.stated(null) == set()
	places.stated("eu") == set()
	places.stated(["eu"]) == set()
}

test_what_is_chosen if {
	expression := {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["a", "b"]}
	places.chosen({"terms": [expression]}) == {
		{"path": ["terms", 0, "values", 0], "value": "a"},
		{"path": ["terms", 0, "values", 1], "value": "b"},
	}
	values(places.chosen([object.remove(expression, ["operator"])])) == {"a", "b"}
	places.chosen(object.union(expression, {"values": "a"})) == {{"path": ["values"], "value": "a"}}
	values(places.chosen(object.union(expression, {"values": [5]}))) == {"5"}
	every operator in ["NotIn", "Exists", "DoesNotExist"] {
		places.chosen([object.union(expression, {"operator": operator})]) == set()
	}
	every odd in [null, "x", {}, {"key": 5, "values": ["a"]}, {"key": "disk", "values": ["a"]}, object.remove(expression, ["values"])] {
		places.chosen([odd]) == set()
	}
}
