"""Values against schemas: the same verdict as a JSON Schema validator, in better words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from policylib import RuleError, durations, instants, rules
from policylib.settings import schema
from policylib.settings.checks import advice, canonical, mistakes
from tests.settings.samples import JSON, SCHEMAS, Schema, values

KNOWN = rules.load().known()
FORMATS = FormatChecker(formats=())


@FORMATS.checks("instant", raises=ValueError)
def _instant(value: object) -> bool:
    return not isinstance(value, str) or bool(instants.parse(value))


@FORMATS.checks("duration", raises=ValueError)
def _duration(value: object) -> bool:
    return not isinstance(value, str) or durations.seconds(value) >= 0


def is_valid(value: object, schema: Schema) -> bool:
    return bool(Draft202012Validator(dict(schema), format_checker=FORMATS).is_valid(value))


@given(SCHEMAS, st.data())
def test_the_verdict_is_that_of_json_schema(schema: Schema, data: st.DataObject) -> None:
    value = data.draw(values(schema) | JSON)
    assert (not list(mistakes(value, schema))) is is_valid(value, schema)


@pytest.mark.parametrize("family", sorted(KNOWN.families))
@given(data=st.data())
def test_and_so_for_the_sections_of_our_families(family: str, data: st.DataObject) -> None:
    section = KNOWN.families[family]
    value = data.draw(values(section) | st.dictionaries(st.sampled_from([*section]), JSON))
    assert (not list(mistakes(value, section))) is is_valid(value, section)


@given(SCHEMAS, JSON)
def test_each_mistake_names_a_place_in_the_value(schema: Schema, value: object) -> None:
    for path, what, _remedy in mistakes(value, schema):
        assert what
        here: Any = value
        for key in path:
            here = here[key]


@given(JSON, JSON)
def test_canonical_text_is_equality_as_json_has_it(one: object, other: object) -> None:
    assert (canonical(one) == canonical(other)) is is_valid(one, {"const": other})


@pytest.mark.parametrize(
    ("value", "schema", "said"),
    [
        (True, {"type": "integer"}, "true is a boolean, not a whole number"),
        (1.5, {"type": "integer"}, "1.5 is a number, not a whole number"),
        ("é" * 99, {"type": "boolean"}, f'"{"é" * 59}… is text, not true or false'),
        ("a", {"type": "string", "minLength": 2}, "it needs at least 2 characters"),
        ([1, 1], {"type": "array", "maxItems": 1}, "it may have at most 1 entry"),
        ([[1], [1.0]], {"type": "array", "uniqueItems": True}, "[1.0] is there twice"),
        ({}, {"type": "object", "minProperties": 1}, "it needs at least 1 key"),
        ({}, {"type": "object", "required": ["a"]}, "the key a is missing"),
        (0, {"type": "number", "minimum": 0.5}, "0 is less than 0.5"),
        (101, {"type": "number", "maximum": 100}, "101 is more than 100"),
        ("5 days", {"type": "string", "format": "duration"}, "'5 days' is no duration"),
        ("soon", {"type": "string", "format": "instant"}, "'soon' is neither a date"),
        ("x", {"type": "string", "pattern": "^a"}, '"x" does not match ^a'),
    ],
)
def test_mistakes_are_in_plain_words(value: object, schema: Schema, said: str) -> None:
    ((_, what, _),) = mistakes(value, schema)
    assert what.startswith(said)


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"type": ["string", "null"]},
        {"type": "null"},
        {"type": "string", "oneOf": []},
        {"type": "string", "const": "a"},
        {"type": "string", "format": "email"},
        {"$ref": "#/x"},
    ],
)
def test_a_schema_that_is_not_understood_is_an_error_and_never_a_pass(odd: Schema) -> None:
    around: Schema = {"type": "object", "properties": {"a": {"type": "array", "items": odd}}}
    if odd:
        with pytest.raises(RuleError, match=r"schema of a\.0"):
            list(mistakes({"a": ["x"]}, around))
    with pytest.raises(RuleError):
        list(mistakes("x", odd))


def test_advice_is_the_word_that_comes_closest_or_all_of_them() -> None:
    assert advice("algoritms", ["algorithms", "registries"]) == "did you mean algorithms?"
    assert advice("x", ["b", "a"]) == "known: a, b"


def test_the_frame_and_every_section_are_understood() -> None:
    for one in (schema.settings(KNOWN), schema.exceptions(KNOWN)):
        Draft202012Validator.check_schema(one)
        for value in ({}, dict.fromkeys(one["properties"])):
            list(mistakes(value, one))
