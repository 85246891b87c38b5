# METADATA
# title: Regions of Google Cloud
# description: The names of Google Cloud's regions and their zones, and what its multi-regions consist of.
# related_resources:
#   - https://docs.cloud.google.com/compute/docs/regions-zones
#   - https://docs.cloud.google.com/storage/docs/locations
#   - https://docs.cloud.google.com/firestore/native/docs/locations
package policylib.lib.regions_google

import rego.v1

# Written by tools/regions from c7n-gcp 0.4.52.
table := `
africa-south1
asia-east1
asia-east2
asia-northeast1
asia-northeast2
asia-northeast3
asia-south1
asia-south2
asia-southeast1
asia-southeast2
asia-southeast3
australia-southeast1
australia-southeast2
europe-central2
europe-north1
europe-north2
europe-southwest1
europe-west1
europe-west10
europe-west12
europe-west15
europe-west2
europe-west3
europe-west4
europe-west6
europe-west8
europe-west9
me-central1
me-central2
me-west1
northamerica-northeast1
northamerica-northeast2
northamerica-south1
southamerica-east1
southamerica-west1
us-central1
us-central2
us-east1
us-east4
us-east5
us-east7
us-south1
us-west1
us-west2
us-west3
us-west4
us-west8
`

# Dual-regions of Cloud Storage and multi-regions of Firestore, with the regions that hold their
# data or witness it.
multi := {
	"asia1": {"asia-northeast1", "asia-northeast2"},
	"eur3": {"europe-north1", "europe-west1", "europe-west4"},
	"eur4": {"europe-north1", "europe-west4"},
	"eur5": {"europe-west1", "europe-west2"},
	"eur7": {"europe-west2", "europe-west3"},
	"eur8": {"europe-west3", "europe-west6"},
	"nam4": {"us-central1", "us-east1"},
	"nam5": {"us-central1", "us-central2", "us-east1"},
	"nam7": {"us-central1", "us-central2", "us-east4"},
}

# Multi-regions that are every region of a part of the world.
wide := {"asia": "asia-", "eu": "europe-", "europe": "europe-", "us": "us-"}

# London and Zurich are no part of the multi-region EU.
outside := {"eu": {"europe-west2", "europe-west6"}}

# The name of the region that a name or a zone stands for, in lower case.
region(text) := text if {
	is_region(text)
} else := zone_region if {
	regex.match(`\A[a-z0-9-]+-[a-z]\z`, text)
	zone_region := substring(text, 0, count(text) - 2)
	is_region(zone_region)
}

is_region(text) if {
	regex.match(`\A[a-z0-9-]+\z`, text)
	contains(table, concat("", ["\n", text, "\n"]))
}

# The regions of a multi-region; undefined for what is none.
members(text) := multi[text]

members(text) := {name |
	some name in split(table, "\n")
	startswith(name, wide[text])
	not is_outside(text, name)
} if {
	wide[text]
}

is_outside(text, name) if name in outside[text]
