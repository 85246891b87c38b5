package policylib.lib.helm_test

import rego.v1

import data.policylib.lib.helm

of(kind, values) := {"review": {"object": {"apiVersion": "policylib.dev/v1", "kind": kind, "values": values}}}

test_values if {
	{fault.path | some fault in helm.faults} == {"/values/image/tag"} with input as of("HelmValues", {"image": {"tag": "1"}})
	{fault.path | some fault in helm.faults} == {"/values"} with input as of("HelmValues", "image")
	helm.faults == set() with input as of("HelmValues", null)
	helm.faults == set() with input as of("ServiceCatalog", {"image": {"tag": "1"}})
}
