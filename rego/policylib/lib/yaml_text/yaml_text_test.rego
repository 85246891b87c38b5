package policylib.lib.yaml_text_test

import rego.v1

import data.policylib.lib.yaml_text

unreadable := "holds YAML that cannot be read with certainty: write plain values"

test_plain_text_is_read if {
	yaml_text.parse("a: 1\nb: ['x']\n") == {"value": {"a": 1, "b": ["x"]}}
	yaml_text.parse("---\na: &x {i: 1}\nb: *x\n") == {"value": {"a": {"i": 1}, "b": {"i": 1}}}
	yaml_text.parse("host: '{{ x }}'") == {"value": {"host": "{{ x }}"}}
	yaml_text.parse("") == {"value": null}
}

test_what_readers_differ_over_is_not if {
	every text in [
		"a: [", "a: &x {i: 1}\nb:\n  <<: *x\n", "a:\n  \"<<\": {}\n", "a: 1\n---\nb: 2\n", "a: 1\r---\rb: 2",
		"a: !foo 1", "!foo\na: 1", "- !!binary aGk=", "a: {b: !x y}", "image: {{ x }}", "? {a: 1}\n: b\n", "? [a]\n: b\n",
		"? \"\\x3c\\x3c\"\n: b\n", 5, null, {"a": 1},
	] {
		yaml_text.parse(text) == {}
		{fault.why | some fault in yaml_text.faults("/values", text)} == {unreadable}
	}
}

test_faults_stand_at_the_text if {
	faults := yaml_text.faults("/values", "image:\n  tag: v1\nweb:\n  image: nginx\n")
	{[fault.path, fault.image] | some fault in faults} == {["/values", ":v1"], ["/values", "nginx"]}
	yaml_text.faults("/values", "replicas: 2") == set()
}

test_complex_keys if {
	every value in [{{"a": 1}: "b"}, {"a": [{["b"]: 1}]}, {"<<": {}}] {
		yaml_text.has_complex_key(value)
	}
	not yaml_text.has_complex_key({"a": [{"b": 1}]})
}
