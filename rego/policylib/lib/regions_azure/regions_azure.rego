# METADATA
# title: Regions of Azure
# description: The names of Azure's regions and their zones, and where geo-redundant storage keeps its copies.
# related_resources:
#   - https://learn.microsoft.com/azure/reliability/regions-list
#   - https://learn.microsoft.com/azure/reliability/regions-paired
#   - https://docs.azure.cn/en-us/reliability/regions-list
package policylib.lib.regions_azure

import rego.v1

# Kept by hand, from the pages above: name=display name=paired region, in lower case.
table := `
australiacentral=australia central=australiacentral2
australiacentral2=australia central 2=australiacentral
australiaeast=australia east=australiasoutheast
australiasoutheast=australia southeast=australiaeast
austriaeast=austria east=
belgiumcentral=belgium central=
brazilsouth=brazil south=southcentralus
brazilsoutheast=brazil southeast=brazilsouth
canadacentral=canada central=canadaeast
canadaeast=canada east=canadacentral
centralindia=central india=southindia
centralus=central us=eastus2
chilecentral=chile central=
chinaeast=china east=chinanorth
chinaeast2=china east 2=chinanorth2
chinaeast3=china east 3=chinanorth3
chinanorth=china north=chinaeast
chinanorth2=china north 2=chinaeast2
chinanorth3=china north 3=chinaeast3
denmarkeast=denmark east=
eastasia=east asia=southeastasia
eastus=east us=westus
eastus2=east us 2=centralus
francecentral=france central=francesouth
francesouth=france south=francecentral
germanynorth=germany north=germanywestcentral
germanywestcentral=germany west central=germanynorth
indonesiacentral=indonesia central=
israelcentral=israel central=
italynorth=italy north=
japaneast=japan east=japanwest
japanwest=japan west=japaneast
jioindiacentral=jio india central=jioindiawest
jioindiawest=jio india west=jioindiacentral
koreacentral=korea central=koreasouth
koreasouth=korea south=koreacentral
malaysiawest=malaysia west=
mexicocentral=mexico central=
newzealandnorth=new zealand north=
northcentralus=north central us=southcentralus
northeurope=north europe=westeurope
norwayeast=norway east=norwaywest
norwaywest=norway west=norwayeast
polandcentral=poland central=
qatarcentral=qatar central=
southafricanorth=south africa north=southafricawest
southafricawest=south africa west=southafricanorth
southcentralus=south central us=northcentralus
southeastasia=southeast asia=eastasia
southindia=south india=centralindia
spaincentral=spain central=
swedencentral=sweden central=swedensouth
swedensouth=sweden south=swedencentral
switzerlandnorth=switzerland north=switzerlandwest
switzerlandwest=switzerland west=switzerlandnorth
uaecentral=uae central=uaenorth
uaenorth=uae north=uaecentral
uksouth=uk south=ukwest
ukwest=uk west=uksouth
usdodcentral=us dod central=usdodeast
usdodeast=us dod east=usdodcentral
usgovarizona=us gov arizona=usgovtexas
usgovtexas=us gov texas=usgovvirginia
usgovvirginia=us gov virginia=usgovtexas
westcentralus=west central us=westus2
westeurope=west europe=northeurope
westindia=west india=southindia
westus=west us=eastus
westus2=west us 2=westcentralus
westus3=west us 3=eastus
`

# The name of the region that a name, a display name or a zone stands for, in lower case.
region(text) := text if {
	entry(text)
} else := zone_region if {
	regex.match(`\A[a-z0-9]+-[1-9]\z`, text)
	zone_region := substring(text, 0, count(text) - 2)
	entry(zone_region)
} else := name if {
	name := replace(text, " ", "")
	entry(name)[0] == text
}

# The display name of a region and its pair.
entry(name) := split(split(after, "\n")[0], "=") if {
	regex.match(`\A[a-z0-9]+\z`, name)
	[_, after] := split(table, concat("", ["\n", name, "="]))
}

# Where a region's geo-redundant copies lie; undefined where it has no pair.
pair(name) := other if {
	other := entry(name)[1]
	other != ""
}
