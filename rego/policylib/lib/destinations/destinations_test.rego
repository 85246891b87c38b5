package policylib.lib.destinations_test

import rego.v1

import data.policylib.lib.destinations

to(region, destination) := {"review": {"object": {
	"apiVersion": "policylib.dev/v1",
	"kind": "EgressEvent",
	"from": {"region": "eu-west-1"},
	"to": {"region": region},
	"data_class": ["pii", "logs"],
	"destination": destination,
}}}

test_where_a_text_lies if {
	every text, places in {
		"s3.eu-west-1.amazonaws.com": {"eu-west-1"},
		"https://S3.eu-west-1.amazonaws.com/bucket/key?x=1": {"eu-west-1"},
		"https://user:secret@s3.eu-west-1.amazonaws.com:443/": {"eu-west-1"},
		"https://s3.us-east-1.amazonaws.com@s3.eu-west-1.amazonaws.com": {"eu-west-1"},
		"https://example.com/@s3.us-east-1.amazonaws.com": set(),
		"s3.eu-west-1.amazonaws.com.": {"eu-west-1"},
		"s3.eu-west-1.amazonaws.com:443": {"eu-west-1"},
		"s3.eu-west-1.amazonaws.com#x": {"eu-west-1"},
		"jdbc:postgresql://db.abc.eu-west-1.rds.amazonaws.com:5432/app": {"eu-west-1"},
		"arn:aws:sqs:eu-west-1:123456789012:queue": {"eu-west-1"},
		"arn:aws:s3:::bucket": set(),
		"arn:aws": set(),
		"x:y:z:eu-west-1": set(),
		"West Europe": {"westeurope"},
		"https://s3.amazonaws.com/x": {"s3.amazonaws.com"},
		"partner.example.com": set(),
		"XY12345.EU-WEST-1.snowflakecomputing.com": {"eu-west-1"},
		"https://eu-central-1.aws.example.com:9243/us-east-1": {"eu-central-1"},
		"ingest-eu-west-1.example.com": {"eu-west-1"},
		"s3://reports-eu-west-1/us-east-1": {"eu-west-1"},
		"https://s3.us-east-1.amazonaws.com/reports-eu-west-1": {"us-east-1"},
		"db.eu-west-1.rds.amazonaws.com,db.us-east-1.rds.amazonaws.com": {"eu-west-1", "us-east-1"},
		"host=db.eu-west-1.rds.amazonaws.com port=5432": {"eu-west-1"},
		"arn:aws:s3:::reports-eu-west-1": {"eu-west-1"},
		"arn:aws:s3:us-east-1:1:reports-eu-west-1": {"us-east-1"},
		"projects/p/locations/europe-west4/buckets/b": {"europe-west4"},
		"//projects/p/locations/europe-west4": {"europe-west4"},
		"https://example.com/projects/p/locations/europe-west4": set(),
		"10.0.0.1:443": set(),
		"https://eu/x": {"eu"},
		"eu.": {"eu"},
		"x@eu": {"eu"},
		"arn:aws:sqs:us-east-1:eu-west-1:queue": {"us-east-1"},
		"": set(),
	} {
		destinations.places(text) == places
	}
}

messages contains one.msg if some one in destinations.faults

test_where_it_says if {
	every destination in ["s3.us-east-1.amazonaws.com", "https://partner.example.com/in", "us-east-1a", "bucket", null] {
		messages == set() with input as to("us-east-1", destination)
	}
	messages == set() with input as to("EU", "europe-west1-docker.pkg.dev")
}

test_elsewhere if {
	destinations.faults == {{
		"path": "/destination",
		"msg": `destination "https://s3.eu-west-1.amazonaws.com/x" lies in eu-west-1, not in "us-east-1"`,
	}} with input as to("us-east-1", "https://s3.eu-west-1.amazonaws.com/x")
	messages == {`destination "eu" lies in eu, not in "europe-west1"`} with input as to("europe-west1", "eu")
	messages == {`destination "us-west-2-lax-1a" lies in us-west-2-lax-1, not in "us-west-2"`}
		with input as to("us-west-2", "us-west-2-lax-1a")
}

permitted := ["s3.amazonaws.com", "eu-west-1", "EU"]

both := {"residency": {"allowed_regions": {"pii": permitted, "logs": permitted}}}

test_what_serves_the_world_is_permitted_by_name if {
	one := {"residency": {"allowed_regions": {"pii": ["s3.amazonaws.com"], "logs": ["us-east-1"]}}}
	given := to("us-east-1", "s3.amazonaws.com")
	messages == set() with input as given with data.settings as both
	count(messages) == 1 with input as given with data.settings as one
	count(messages) == 1 with input as given
	every elsewhere in ["s3.eu-west-1.amazonaws.com", "EU"] {
		count(messages) == 1 with input as to("us-east-1", elsewhere) with data.settings as both
	}
}

test_no_text if {
	every odd in [5, ["s3.eu-west-1.amazonaws.com"], {"region": "eu-west-1"}, true] {
		count(messages) == 1 with input as to("us-east-1", odd)
	}
	destinations.faults == {{"path": "/destination", "msg": "the destination is a number, not text"}} with input as to("us-east-1", 5)
}

test_an_unknown_region_is_refused_elsewhere if {
	messages == set() with input as to("mars", "s3.eu-west-1.amazonaws.com")
}

test_a_request_that_data_stays if {
	document := {"kind": "TransferRequest", "request": {"region": "us-east-1", "data_class": "pii", "destination": "eu-west-1"}}
	{one.path | some one in destinations.faults} == {"/request/destination"} with input as {"review": {"object": document}}
}

test_each_part_goes_its_own_way if {
	outer := {"from": {"region": "us-east-1"}, "to": {"region": "us-east-1"}, "destination": "us-east-1"}
	inner := {"from": {"region": "us-east-1"}, "to": {"region": "eu-west-1"}, "destination": "eu-west-1"}
	document := object.union(outer, {"kind": "TransferRequest", "request": inner})
	messages == set() with input as {"review": {"object": document}}
}
