package policylib.lib.yaml_flow_test

import rego.v1

import data.policylib.lib.yaml_flow

test_torn if {
	yaml_flow.is_torn("{a: b:}", {"a": "b:"})
	yaml_flow.is_torn("{a: b:, c: d}", {"a": "b:", "c": "d"})
	yaml_flow.is_torn("[a:]", ["a:"])
	yaml_flow.is_torn("{a:}", {"a:": null})
	yaml_flow.is_torn("[ a?b ]", ["a?b"])
	yaml_flow.is_torn("[a ?\n  b, c]", ["a ? b", "c"])
	yaml_flow.is_torn("[x, a?b]", ["x", "a?b"])
	yaml_flow.is_torn("{a?: b}", {"a?": "b"})
	yaml_flow.is_torn("{u: http://x?y}", {"u": "http://x?y"})
}

test_whole if {
	not yaml_flow.is_torn("{a: 'b:'}", {"a": "b:"})
	not yaml_flow.is_torn("[\"http://x?y\"]", ["http://x?y"])
	not yaml_flow.is_torn("a: http://x?y\nb: [c]", {"a": "http://x?y", "b": ["c"]})
	not yaml_flow.is_torn("a: |\n  if ($x ~ [a?:]) { return b?c; }\nb: 1", {"a": "if ($x ~ [a?:]) { return b?c; }\n", "b": 1})
	not yaml_flow.is_torn("{a: b:c}", {"a": "b:c"})
	not yaml_flow.is_torn("a: b:\nc: {d: e}", {"a": "b:", "c": {"d": "e"}})
	not yaml_flow.is_torn("['a?b,', 'b,']", ["a?b,", "b"])
	not yaml_flow.is_torn("['ab:]', 'b:']", ["ab:]", "b:"])
	not yaml_flow.is_torn("[1, null]", [1, null])
}
