# METADATA
# title: Regions of AWS
# description: The names of AWS regions, their zones, and the places that lie outside of their region.
# related_resources:
#   - https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
package policylib.lib.regions_aws

import rego.v1

# One text, because an engine builds a map of a hundred names anew for each document.
# Written by tools/regions from botocore 1.44.8: name=display name, in lower case.
table := `
af-south-1=africa (cape town)
ap-east-1=asia pacific (hong kong)
ap-east-2=asia pacific (taipei)
ap-northeast-1=asia pacific (tokyo)
ap-northeast-2=asia pacific (seoul)
ap-northeast-3=asia pacific (osaka)
ap-south-1=asia pacific (mumbai)
ap-south-2=asia pacific (hyderabad)
ap-southeast-1=asia pacific (singapore)
ap-southeast-2=asia pacific (sydney)
ap-southeast-3=asia pacific (jakarta)
ap-southeast-4=asia pacific (melbourne)
ap-southeast-5=asia pacific (malaysia)
ap-southeast-6=asia pacific (new zealand)
ap-southeast-7=asia pacific (thailand)
ca-central-1=canada (central)
ca-west-1=canada west (calgary)
cn-north-1=china (beijing)
cn-northwest-1=china (ningxia)
eu-central-1=europe (frankfurt)
eu-central-2=europe (zurich)
eu-isoe-west-1=eu isoe west
eu-north-1=europe (stockholm)
eu-south-1=europe (milan)
eu-south-2=europe (spain)
eu-west-1=europe (ireland)
eu-west-2=europe (london)
eu-west-3=europe (paris)
eusc-de-east-1=aws european sovereign cloud (germany)
il-central-1=israel (tel aviv)
me-central-1=middle east (uae)
me-south-1=middle east (bahrain)
me-west-1=middle east (saudi arabia)
mx-central-1=mexico (central)
sa-east-1=south america (sao paulo)
sa-west-1=south america (chile)
us-east-1=us east (n. virginia)
us-east-2=us east (ohio)
us-gov-east-1=aws govcloud (us-east)
us-gov-west-1=aws govcloud (us-west)
us-iso-east-1=us iso east
us-iso-west-1=us iso west
us-isob-east-1=us isob east (ohio)
us-isob-west-1=us isob west
us-isof-east-1=us isof east
us-isof-south-1=us isof south
us-west-1=us west (n. california)
us-west-2=us west (oregon)
`

# What covers regions and is none.
worldwide := `
aws-cn-global
aws-global
aws-iso-b-global
aws-iso-e-global
aws-iso-f-global
aws-iso-global
aws-us-gov-global
`

# The name of the region that a name, a display name or a zone stands for, in lower case.
region(text) := text if {
	is_region(text)
} else := zone_region if {
	regex.match(`\A[a-z0-9-]+[0-9][a-z]\z`, text)
	zone_region := substring(text, 0, count(text) - 1)
	is_region(zone_region)
} else := displayed(text)

is_region(text) if {
	regex.match(`\A[a-z0-9-]+\z`, text)
	contains(table, concat("", ["\n", text, "="]))
}

# The price list says EU where the console says Europe.
displayed(text) := read_back(concat("", ["=", regex.replace(text, `\Aeu [(]`, "europe ("), "\n"]))

read_back(ending) := lines[count(lines) - 1] if {
	[before, _] := split(table, ending)
	lines := split(before, "\n")
}

# A local or wavelength zone lies in another city than its region, and some in another country: it is
# a place of its own.
outpost(text) := regex.replace(text, `([0-9])[a-z]\z`, "$1") if {
	regex.match(`\A[a-z0-9-]+-(?:[a-z]{3}-[0-9]+[a-z]?|wl[0-9]+-[a-z]{3}-wlz-[0-9]+)\z`, text)
	is_region(regex.replace(text, `-(?:[a-z]{3}-[0-9]+[a-z]?|wl[0-9]+-[a-z]{3}-wlz-[0-9]+)\z`, ""))
}

is_worldwide(text) if contains(worldwide, concat("", ["\n", text, "\n"]))
