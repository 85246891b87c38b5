"""regorus judges only what it judges as OPA does; each reason against it is measured here."""

from __future__ import annotations

import itertools

import pytest

from policylib.engine.interface import Answer, Failure
from policylib.engine.opa import OpaEngine
from policylib.engine.regorus import RegorusEngine
from policylib.packages.source import Module
from policylib.packages.suits import reasons
from tests import tools

DRIVER = "package driver\n\nimport rego.v1\n\nvalue := [v | v := data.t.p]\n"
INPUT = {"a": ["p", "q"], "o": {"x": {"z": 1}}, "n": 1}
HEAD = """\
package t

import rego.v1

allowed := input.missing

named if input.n == 1

one(x) if x == 1

same(x) := x if is_string(x)

"""


def module(body: str) -> str:
    return f"{HEAD}p contains 1 if {{\n\tsome x in input.a\n\t{body}\n\tx != 5\n}}\n"


def ask(text: str) -> tuple[Answer, Answer]:
    """What regorus and OPA say."""
    modules = {"t.rego": text, "driver.rego": DRIVER}
    [one] = RegorusEngine(modules, {}).evaluate("data.driver.value", [INPUT])
    [other] = OpaEngine(modules, {}, tools.path("opa")).evaluate("data.driver.value", [INPUT])
    return one, other


SILENT = {
    "not startswith(input.missing, x)": "negation",
    "not x in input.missing": "negation",
    "not input.missing > 1": "negation",
    'not lower(input.missing) == "a"': "negation",
    "not one(input.missing)": "negation",
    "not one(allowed)": "negation",
    "not x in allowed": "negation",
    "not same(1) == 2": "negation",
    "not one(same(1))": "negation",
    "not input.o[input.missing]": "negation",
    "not [input.missing] == [x]": "negation",
    "not input.missing in {x}": "negation",
    "[path, value] := walk(input.o)": "walk",
    'sprintf("%5s", [x]) == "    p"': "formats",
    'strings.count("aaa", "aa") == 1': "strings.count",
    'strings.replace_n({"a": "b", "b": "a"}, "ab") == "ba"': "strings.replace_n",
    'crypto.md5("a") == "0cc175b9c0f1b6a831c399e269772661"': "regorus has no crypto.md5",
}


@pytest.mark.parametrize("body", SILENT)
def test_each_reason_is_measured(body: str) -> None:
    """Where this fails, the engines have come to agree, and the reason can go."""
    one, other = ask(module(body))
    assert one != other
    found = list(reasons([Module("t.rego", module(body))]))
    assert any(SILENT[body] in reason and "(t.rego:" in reason for reason in found), found


AGREED = [
    "not input.missing",
    "not input.missing.x",
    "not named",
    "not data.t.nothing",
    'not input.missing == "a"',
    "not input.a == input.missing",
    "not x == input.missing",
    "not allowed",
    "not allowed[x]",
    "not input.o[x]",
    "not input.o[x].z == 1",
    'not startswith(x, "z")',
    "not one(x)",
    'not x in {"z", "y"}',
    "not count(x) > 7",
    'not object.get(input, ["b", x], false)',
    "walk(input.o, [path, value])",
    'sprintf("%s %v %d%%", [x, input.o, input.n]) != ""',
    "every y in input.missing { y == 1 }",
    "every y in input.a { y != 1 }",
    "count([y | y := input.missing]) == 0",
    "named with input as {}",
]


@pytest.mark.parametrize("body", AGREED)
def test_what_regorus_may_judge_means_the_same(body: str) -> None:
    assert list(reasons([Module("t.rego", module(body))])) == []
    one, other = ask(module(body))
    assert not isinstance(one, Failure)
    assert one == other


TERMS = ("x", "input.n", "input.missing", "allowed", "same(x)", "input.a", "input.o[x]")
OPERATORS = ("==", "!=", "<", "in")


def test_the_engines_agree_wherever_no_reason_is_found() -> None:
    """Every pair of terms under every operator, negated and not."""
    compared = 0
    for left, operator, right in itertools.product(TERMS, OPERATORS, TERMS):
        bodies = (f"{left} {operator} {right}", f"not {left} {operator} {right}")
        plain = [b for b in bodies if not list(reasons([Module("t.rego", module(b))]))]
        rules = "".join(
            f"p contains {at} if {{\n\tsome x in input.a\n\t{body}\n}}\n\n"
            for at, body in enumerate(plain)
        )
        one, other = ask(f"{HEAD}{rules}")
        assert one == other, plain
        compared += len(plain)
    assert compared > 200


def test_a_function_of_a_library_is_no_builtin() -> None:
    library = Module("lib.rego", "package lib\n\nhelp(x) := x\n")
    text = "package t\n\nimport data.lib\n\np contains lib.help(1)\n\nq contains data.lib.help(2)\n"
    assert list(reasons([library, Module("t.rego", text)])) == []
