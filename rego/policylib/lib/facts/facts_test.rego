package policylib.lib.facts_test

import rego.v1

import data.policylib.lib.facts

test_facts_are_read if facts.get(["a"], {}) == {"b": 1} with data.facts as {"a": {"b": 1}}

test_none if facts.get(["a"], {}) == {}

test_strange_facts_are_none if {
	every strange in [null, "a", ["a"], 5] {
		facts.get(["a"], {}) == {} with data.facts as strange
	}
}

test_parameters_are_ignored if facts.get(["a"], {}) == {} with input as {"parameters": {"facts": {"a": 1}}}
