package policylib.lib.yaml_text_test

import rego.v1

import data.policylib.lib.choices
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
		"a: [", "text", "[a]", "5", "a: &x {i: 1}\nb:\n  <<: *x\n", "a:\n  \"<<\": {}\n", "a: 1\n---\nb: 2\n", "a: 1\r---\rb: 2",
		"a: !foo 1", "!foo\na: 1", "- !!binary aGk=", "a: {b: !x y}", "image: {{ x }}", "{a: b:}", "{a: b?c}", "? {a: 1}\n: b\n", "? [a]\n: b\n",
		"? \"\\x3c\\x3c\"\n: b\n", 5, null, {"a": 1},
	] {
		yaml_text.parse(text) == {}
		yaml_text.piece("/values", text).flat
		{fault.why | some fault in choices.faults(yaml_text.piece("/values", text))} == {unreadable}
	}
}

test_words_and_numbers_that_readers_type_differently if {
	every scalar in [
		"y", "N", "yes", "No", "on", "OFF", "012", "08", "1_000", "0x1F_", "0xFFFFFFFFFFFFFFFFFF", "0o14", "on # c", "&a on",
		"!x on",
	] {
		every text in ["image: @", "web:\n  sidecarImage: @\n", "image: {tag: @}", "'tag' : @\r\nb: 1", "a.digest: @"] {
			yaml_text.parse(replace(text, "@", scalar)) == {}
		}
	}
	every text in [
		"enabled: yes", "imageCache: on", "shared: no", "image: only", "tag: 1.27", "tag: '012'", "tag: \"on\"", "tag: 10", "a: 012", "stage: no",
		"image: nginx", "tag: v1_2",
	] {
		yaml_text.parse(text) != {}
	}
}

test_keys_that_are_text_to_one_reader_only if {
	every key in ["~", "null", "NULL", ".inf", "-.Inf", ".NaN", "{}", "{a: b}", "[]", "&a null", "&a .inf", "&a ~", "|-\n  x\n"] {
		yaml_text.parse(sprintf("%s: nginx", [key])) == {}
		yaml_text.parse(sprintf("a:\n  %s:\n    image: x", [key])) == {}
	}
	every text in ["nullable: 1", "a: null", "a: ~", "a: {}\nb: []", "a: 'as in null: b'"] {
		yaml_text.parse(text) != {}
	}
}

test_what_is_ambiguous_whatever_a_reader_makes_of_it if {
	every text in [
		"<<: {a: b}", "'<<' : {a: b}", "a: 1\n---\nb: 2", "a: 1\n...\n", "a: !x 1", "!x {a: b}", "&a !x b", "[!x a, !x b]",
		"image: on", "null: a", "{}: a", "[]: a", "? ~: a",
	] {
		yaml_text.is_ambiguous(text)
		yaml_text.load(text) == {}
	}
}

test_what_is_loaded_may_be_anything if {
	yaml_text.load("- a") == {"value": ["a"]}
	yaml_text.load("text") == {"value": "text"}
	yaml_text.load(["text"]) == {}
	yaml_text.load("a: [") == {}
}

test_values_are_a_mapping if {
	every text in ["- a", "text", "5", "- ?", "true"] {
		yaml_text.parse(text) == {}
	}
}

test_faults_stand_at_the_text if {
	faults := choices.faults(yaml_text.piece("/values", "image:\n  repository: a\n  tag: v1\nweb:\n  image: nginx\n"))
	{[fault.path, fault.image] | some fault in faults} == {["/values", "a:v1"], ["/values", "nginx"]}
	choices.faults(yaml_text.piece("/values", "replicas: 2")) == set()
}

test_complex_keys if {
	yaml_text.has_complex_key({null: 1})
	every value in [{{"a": 1}: "b"}, {"a": [{["b"]: 1}]}, {"<<": {}}] {
		yaml_text.has_complex_key(value)
	}
	not yaml_text.has_complex_key({"a": [{"b": 1}]})
}
