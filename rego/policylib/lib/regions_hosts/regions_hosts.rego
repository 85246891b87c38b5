# METADATA
# title: Endpoints
# description: Which region a host name of a cloud provider says that it is in, if it says so without doubt.
# related_resources:
#   - https://docs.aws.amazon.com/general/latest/gr/rande.html
#   - https://docs.cloud.google.com/storage/docs/regional-endpoints
package policylib.lib.regions_hosts

import rego.v1

import data.policylib.lib.regions_aws
import data.policylib.lib.regions_azure
import data.policylib.lib.regions_google

# Whose hosts end so. Those of storage accounts, databases and the like that never name their region
# are not here: of them nothing is known.
suffixes := {
	"amazonaws.com": "aws",
	"amazonaws.com.cn": "aws",
	"amazonaws.eu": "aws",
	"api.aws": "aws",
	"awsapprunner.com": "aws",
	"compute.internal": "aws",
	"elasticbeanstalk.com": "aws",
	"on.aws": "aws",
	"cloudfunctions.net": "google",
	"googleapis.com": "google",
	"pkg.dev": "google",
	"run.app": "google",
	"azmk8s.io": "azure",
	"azurecontainer.io": "azure",
	"azurecontainerapps.io": "azure",
	"cloudapp.azure.com": "azure",
}

# What serves the world under a name that is anyone's choice, even westeurope.trafficmanager.net.
worldwide := concat("", [
	`\A(?:[a-z0-9_-]+[.])*`,
	`(?:awsglobalaccelerator[.]com|cloudfront[.]net|azureedge[.]net|azurefd[.]net|trafficmanager[.]net)\z`,
])

# Labels that stand between the region and the suffix.
between := {
	"airflow", "aoss", "compute", "docdb", "eks", "elb", "es", "neptune", "rds", "redshift", "redshift-serverless", "rep", "vpce",
}

# The region of a host, in lower case; a host of a provider that names none serves the world, and is
# called by its own name.
place(host) := found if {
	[labels, provider] := taken_apart(host)
	found := region(labels, provider)
} else := host if {
	taken_apart(host)
} else := host if {
	regex.match(worldwide, host)
}

# The labels before the suffix, and whose suffix it is.
taken_apart(host) := [array.slice(labels, 0, length), provider] if {
	regex.match(`\A(?:[a-z0-9_-]+[.])+[a-z]+\z`, host)
	labels := split(host, ".")
	some longest in [2, 3]
	length := count(labels) - longest
	provider := suffixes[concat(".", array.slice(labels, length, count(labels)))]
}

# Only the label where a provider writes the region counts: what stands before it, such as the name of
# a bucket, is anyone's choice.
region(labels, provider) := found if {
	found := named(labels[count(labels) - 1], provider)
} else := found if {
	labels[count(labels) - 1] in between
	found := named(labels[count(labels) - 2], provider)
}

named(label, "aws") := dashed if {
	dashed := regex.replace(label, `\As3-(?:website-)?`, "")
	regions_aws.is_region(dashed)
}

# The oldest region's machines are called by no name of a region.
named("compute-1", "aws") := "us-east-1"

named(label, "azure") := label if regions_azure.entry(label)

named(label, "google") := first if {
	first := regex.replace(label, `\A([a-z]+-[a-z]+[0-9]+)-[a-z0-9-]+\z`, "$1")
	regions_google.is_region(first)
}
