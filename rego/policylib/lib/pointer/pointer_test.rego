package policylib.lib.pointer_test

import rego.v1

import data.policylib.lib.pointer

test_joins_keys_and_indexes if pointer.join("/spec", ["containers", 0, "image"]) == "/spec/containers/0/image"

test_root_is_empty if pointer.join("", []) == ""

test_escapes if {
	pointer.child("", "a/b") == "/a~1b"
	pointer.child("", "a~b") == "/a~0b"
	pointer.child("", "~1") == "/~01"
	pointer.child("", "") == "/"
}
