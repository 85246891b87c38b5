package policylib.lib.regions_azure_test

import rego.v1

import data.policylib.lib.regions_azure

lines := split(trim(regions_azure.table, "\n"), "\n")

test_every_line if {
	count(lines) == 70
	every line in lines {
		line == lower(line)
		is_found(split(line, "="))
	}
}

is_found([name, display, _]) if {
	every spelling in [name, display, concat("", [name, "-3"])] {
		regions_azure.region(spelling) == name
	}
}

test_every_pair_is_a_region if {
	paired := {name: pair | some line in lines; [name, _, pair] := split(line, "="); pair != ""}
	count(paired) == 57
	every name, pair in paired {
		regions_azure.pair(name) == pair
		regions_azure.region(pair) == pair
	}
}

test_pairs_that_are_not_mutual if {
	one_way := {name | some line in lines; [name, _, pair] := split(line, "="); pair != ""; regions_azure.pair(pair) != name}
	one_way == {"brazilsouth", "brazilsoutheast", "usgovarizona", "westindia", "westus3"}
}

test_no_region if {
	every text in [
		"", " ", "west europe ", "w esteurope", "westeurope-0", "westeurope-10", "westeurope-a", "west europe-1", "westeurope\n",
		"northeurope=north europe", "europe", "us", "eastus4", "westeurope=", "\nwesteurope", "mars-1",
	] {
		not regions_azure.region(text)
		not regions_azure.pair(text)
	}
	not regions_azure.pair("qatarcentral")
}
