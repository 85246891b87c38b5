"""Schemas as METADATA of rules have them, and values that they accept and refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]

WORDS = st.sampled_from(["a", "b", "sha256", "us-east-1", "https://github.com/org/", "é", ""])
DURATIONS = st.sampled_from(["1ms", "5m", "1h", "90m", "1h30m", "30d", "91d"])
INSTANTS = st.sampled_from(["2020-01-01", "2098-12-31", "2098-12-31T23:59:59Z"])
ODD = st.sampled_from(
    [None, True, False, 0, 1, -1, 1.5, 1.0, 99.95, "", "true", "1", [], {}, [1, True], {"a": None}]
)
JSON = st.recursive(
    ODD | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
_SIZES = st.integers(0, 2)


def _leaves() -> st.SearchStrategy[Schema]:
    number = st.sampled_from(["integer", "number"])
    return st.one_of(
        st.just({"type": "boolean", "description": "d"}),
        st.builds(lambda t, low: {"type": t, "minimum": low}, number, st.integers(-1, 2)),
        st.builds(lambda t, top: {"type": t, "maximum": top}, number, st.integers(0, 99)),
        st.builds(lambda words: {"type": "string", "enum": words}, st.lists(WORDS, min_size=1)),
        st.just({"type": "integer", "enum": [0, 1]}),
        st.just({"type": "string", "pattern": r"\S", "tighter": "fewer"}),
        st.just({"type": "string", "minLength": 1, "maxLength": 3}),
        st.just({"type": "string", "format": "duration"}),
        st.just({"type": "string", "format": "instant"}),
    )


def _around(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    properties = st.dictionaries(WORDS, inner, max_size=3)
    return st.one_of(
        st.builds(
            lambda items, least, unique: {
                "type": "array",
                "items": items,
                "minItems": least,
                "maxItems": least + 1,
                "uniqueItems": unique,
            },
            inner,
            _SIZES,
            st.booleans(),
        ),
        st.builds(
            lambda keys, more: {
                "type": "object",
                "properties": keys,
                "required": sorted(keys)[:1],
                "additionalProperties": more,
            },
            properties,
            st.just(False) | inner,
        ),
        st.builds(
            lambda more, least: {
                "type": "object",
                "additionalProperties": more,
                "minProperties": least,
                "maxProperties": 2,
            },
            inner,
            _SIZES,
        ),
    )


SCHEMAS = st.recursive(_leaves(), _around, max_leaves=6)


def values(schema: Schema) -> st.SearchStrategy[Any]:
    """Values that a schema accepts; those that need luck may be refused."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "array":
            items = values(schema["items"])
            return st.lists(items, min_size=schema.get("minItems", 0), max_size=3)
        case "object":
            return _objects(schema)
        case "string":
            of_format = {"duration": DURATIONS, "instant": INSTANTS}
            return of_format.get(schema.get("format", ""), WORDS)
    return _plain(schema)


def _plain(schema: Schema) -> st.SearchStrategy[Any]:
    if schema["type"] == "boolean":
        return st.booleans()
    low, top = schema.get("minimum", 0), schema.get("maximum", 100)
    if schema["type"] == "integer":
        return st.integers(low, min(top, low + 5))
    return st.sampled_from([low, top, *(n for n in (0.5, 50, 99.95) if low <= n <= top)])


def _objects(schema: Schema) -> st.SearchStrategy[Any]:
    properties = {key: values(inner) for key, inner in schema.get("properties", {}).items()}
    required = {key: properties[key] for key in schema.get("required", ())}
    optional = {key: value for key, value in properties.items() if key not in required}
    declared = st.fixed_dictionaries(required, optional=optional)
    more = schema.get("additionalProperties")
    if not isinstance(more, Mapping):
        return declared
    others = st.dictionaries(WORDS, values(more), max_size=2)
    return st.builds(lambda one, other: {**other, **one}, declared, others)
