"""Which mutants a module has, and that each is the text with one change."""

from __future__ import annotations

import pytest

from policylib import rules
from policylib.errors import RuleError
from policylib.mutation.mutants import OPERATORS, mutants
from tests.mutation.samples import module

HEAD = "package p\n\nimport rego.v1\n\n"


def changes(text: str, operator: str) -> list[tuple[str, str, str]]:
    """Line as it is, and as it becomes; what stands before it."""
    parsed = module(HEAD + text)
    return [
        (one.before, one.after, one.apply(parsed.text).removeprefix(HEAD))
        for one in mutants(parsed, [operator])
    ]


@pytest.mark.parametrize(
    ("operator", "text", "becomes"),
    [
        ("drop", "r if input.a == 1", ["r if true"]),
        ("drop", "r if not input.a", ["r if true"]),
        ("drop", "r if every x in input { x }", ["r if true", "r if every x in input { true }"]),
        ("drop", "r := {x | some x in input}", ["r := {x | true}"]),
        ("drop", "r if {\n\tsome x\n\tinput[x]\n}", ["r if {\n\tsome x\n\ttrue\n}"]),
        ("negate", "r if input.a", ["r if not input.a"]),
        ("negate", "r if not input.a", ["r if input.a"]),
        ("negate", "r if not  input[`é`] == 1", ["r if input[`é`] == 1"]),
        ("negate", "r if {\n\tx := input.a\n\tsome y in x\n\ty in [1]\n}", [
            "r if {\n\tx := input.a\n\tsome y in x\n\tnot y in [1]\n}"
        ]),
        ("comparison", "r if input.a == 1", ["r if input.a != 1"]),
        ("comparison", "r if input.a < 1", ["r if input.a <= 1", "r if input.a >= 1"]),
        ("comparison", "r := input.a >= 1", ["r := input.a < 1", "r := input.a > 1"]),
        ("arithmetic", "r := input.a + 1", ["r := input.a - 1"]),
        ("arithmetic", "r := {1} | input.a", ["r := {1} & input.a"]),
        ("constant", 'r := "é"', ['r := ""']),
        ("constant", 'r := ""', ['r := "mutant"']),
        ("constant", "r := `a\nb`", ['r := ""']),
        ("constant", "r := -1", ["r := 0"]),
        ("constant", "r := 1.5", ["r := 2.5"]),
        ("constant", "r := true", ["r := false"]),
        ("constant", 'r := input["é"].b', ['r := input[""].b']),
        ("constant", 'f("a") if true', ['f("") if true', 'f("a") if false']),
        ("constant", 'r := {"a", "b"}', []),
        ("constant", 'r := {"a": "b"}', ['r := {"a": ""}']),
        ("item", "r := [1, 2, 3]", ["r := [2, 3]", "r := [1, 3]", "r := [1, 2]"]),
        ("item", 'r := {"é", "a"}', ['r := {"a"}', 'r := {"é"}']),
        ("item", "r := {1}", ["r := set()"]),
        ("item", "r := [1]", ["r := []"]),
        ("item", 'r := {"a": 1}', ["r := {}"]),
        ("item", 'r := {"a": 1, "b": 2}', ['r := {"b": 2}', 'r := {"a": 1}']),
        ("item", "r := [\n\t1, # one, a\n\t2,\n]", ["r := [\n\t2,\n]", "r := [\n\t1,\n]"]),
        ("rule", "r if input.a\n\nr if input.b", ["\n\nr if input.b", "r if input.a\n\n"]),
        ("default", "default r := 1\n\nr := 2 if input.a", ["\n\nr := 2 if input.a"]),
        ("branch", "r := 1 if input.a\n\nelse := 2 if input.b\n\nelse := 3", [
            "r := 1 if input.a\n\nelse := 3",
            "r := 1 if input.a\n\nelse := 2 if input.b\n\n",
        ]),
        ("drop", "r if input.a with input as 1", ["r if true"]),
        ("constant", "r if input.a with input as 1", ["r if input.a with input as 2"]),
    ],
)  # fmt: skip
def test_each_operator(operator: str, text: str, becomes: list[str]) -> None:
    assert [after for _, _, after in changes(text, operator)] == becomes


def test_each_operator_has_an_example() -> None:
    # The table above is a mark of the function.
    [table] = [mark for mark in test_each_operator.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    assert {row[0] for row in table.args[1]} == set(OPERATORS)


def test_a_place_counts_characters() -> None:
    found = mutants(module(HEAD + 'r := [["ö", "𝄞"], 5 + input.x]'), ["constant"])
    assert [(one.line, one.column, one.before) for one in found] == [
        (5, 8, '"ö"'),
        (5, 13, '"𝄞"'),
        (5, 19, "5"),
    ]


def test_an_item_stands_where_it_is_and_not_at_the_comma_before_it() -> None:
    last = mutants(module(HEAD + "r := [\n\t1,\n\t2,\n]"), ["item"])[-1]
    assert (last.line, last.column, last.before, last.after) == (7, 2, "2", "")


def test_a_mutant_knows_its_rule() -> None:
    found = mutants(module(HEAD + "a := 1\n\nb if input.x == 2\n\nelse := 3"), ["constant"])
    assert [(one.rule, one.before) for one in found] == [("a", "1"), ("b", "2"), ("b", "3")]


def test_tests_are_left_alone() -> None:
    assert mutants(
        module(HEAD + "test_a if 1 == 1\n\nhelper := 1"), ["constant", "comparison"]
    ) == (mutants(module(HEAD + "test_a if 1 == 1\n\nhelper := 1"), ["constant"]))


def test_no_mutant_is_the_source_or_another_mutant() -> None:
    text = HEAD + "r if {\n\ttrue\n\tinput.a in [true, true]\n}"
    parsed = module(text)
    changed = [one.apply(text) for one in mutants(parsed)]
    assert text not in changed
    assert len(changed) == len(set(changed))


@pytest.mark.parametrize("path", ["policylib/lib/read/read.rego", "policylib/lib/tiers/tiers.rego"])
def test_ours(path: str) -> None:
    parsed = module(rules.load().modules[path])
    found = mutants(parsed)
    changed = {one.apply(parsed.text) for one in found}
    assert len(changed) == len(found) > 30
    assert parsed.text not in changed
    for one in found:
        assert one.before in parsed.text[one.start : one.end]
        assert parsed.line(one.line)[one.column - 1 :].startswith(one.before.split("\n")[0])


def test_what_is_no_rego_is_refused_with_its_place() -> None:
    with pytest.raises(RuleError, match=r"m\.rego:5:9"):
        module(HEAD + "r := [[ 1")
