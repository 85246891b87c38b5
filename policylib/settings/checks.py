"""A value against a structural JSON Schema, as METADATA of rules and CRDs have them.

Each node has a type; there is no `$ref`, `oneOf` or the like. Every mistake is found, not only the
first, and each in words for whoever writes settings.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from policylib import durations, instants
from policylib.errors import RuleError

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]


class Mistake(NamedTuple):
    """What is wrong, at which path of keys, and what to do."""

    path: Path
    what: str
    remedy: str = ""


def mistakes(value: object, schema: Schema, path: Path = ()) -> Iterator[Mistake]:
    """All that a schema refuses of a value.

    Raises `RuleError` for a schema that says what is not understood here.
    """
    _require_understood(schema, path)
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise RuleError(f"the schema of {_dotted(path)} has no type", remedy=_STRUCTURAL)
    if not _is(kind, value):
        # YAML takes these bare words for booleans.
        quoted = "YAML takes on, off, yes and no for booleans: write the word in quotes"
        remedy = quoted if kind == "string" and isinstance(value, bool) else ""
        yield Mistake(path, f"{shown(value)} is {_called(value)}, not {_TYPES[kind]}", remedy)
        return
    if "enum" in schema and canonical(value) not in map(canonical, schema["enum"]):
        words = [one if isinstance(one, str) else shown(one) for one in schema["enum"]]
        yield Mistake(path, f"{shown(value)} is not among its values", advice(str(value), words))
    for check in _CHECKS.get(kind, ()):
        yield from check(value, schema, path)


def child(schema: Schema, key: str | int) -> Schema:
    """The schema of a key of an object, or of an item of an array; empty when there is none."""
    if isinstance(key, int):
        found = schema.get("items", {})
    else:
        more = schema.get("additionalProperties", {})
        found = schema.get("properties", {}).get(key, more)
    return found if isinstance(found, Mapping) else {}


def properties(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The declared keys of an object; one without a default has what the object's says of it."""
    whole = schema.get("default")
    usual: Mapping[str, Any] = whole if isinstance(whole, Mapping) else {}
    for key, inner in schema.get("properties", {}).items():
        yield key, {"default": usual[key], **inner} if key in usual else inner


def advice(word: str, known: Iterable[str]) -> str:
    """Which known word may have been meant; else all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(names)}"


def canonical(value: object) -> str:
    """Text that is the same for what JSON takes for equal: true is not 1, and 1.0 is."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: object) -> object:
    if isinstance(value, list):
        return list(map(_whole, value))
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def shown(value: object) -> str:
    """A value as JSON on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


_STRUCTURAL: Final = "see docs/adr/0001-portable-rego.md on the schemas of parameters"
_TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}
_CLASSES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}
_UNDERSTOOD: Final = frozenset(
    {
        *("type", "title", "description", "default", "tighter", "enum"),
        *("format", "pattern", "minimum", "maximum", "minLength", "maxLength"),
        *("items", "minItems", "maxItems", "uniqueItems", "properties", "required"),
        *("additionalProperties", "minProperties", "maxProperties"),
    }
)
_FORMATS: Final[Mapping[str, Callable[[str], object]]] = {
    "instant": instants.parse,
    "duration": durations.seconds,
}


def _require_understood(schema: Schema, path: Path) -> None:
    unknown = sorted(schema.keys() - _UNDERSTOOD)
    if unknown or schema.get("format", "instant") not in _FORMATS:
        what = unknown[0] if unknown else f"format {schema['format']}"
        raise RuleError(f"the schema of {_dotted(path)} says {what}", remedy=_STRUCTURAL)


def _dotted(path: Path) -> str:
    return ".".join(map(str, path)) or "the settings"


def _is(kind: str, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _CLASSES[kind])


def _called(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "a mapping"


def _text(value: str, schema: Schema, path: Path) -> Iterator[Mistake]:
    yield from _size(len(value), schema, path, "Length", "character")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        empty = not value.strip()
        what = "it says nothing" if empty else f"{shown(value)} does not match {schema['pattern']}"
        yield Mistake(path, what)
    if "format" in schema:
        try:
            _FORMATS[schema["format"]](value)
        except ValueError as error:
            yield Mistake(path, str(error))


def _number(value: float, schema: Schema, path: Path) -> Iterator[Mistake]:
    if "minimum" in schema and value < schema["minimum"]:
        yield Mistake(path, f"{shown(value)} is less than {schema['minimum']}")
    if "maximum" in schema and value > schema["maximum"]:
        yield Mistake(path, f"{shown(value)} is more than {schema['maximum']}")


def _list(value: list[Any], schema: Schema, path: Path) -> Iterator[Mistake]:
    yield from _size(len(value), schema, path, "Items", "entry")
    if schema.get("uniqueItems"):
        seen: set[str] = set()
        for index, item in enumerate(value):
            if (text := canonical(item)) in seen:
                yield Mistake((*path, index), f"{shown(item)} is there twice")
            seen.add(text)
    for index, item in enumerate(value):
        if items := child(schema, index):
            yield from mistakes(item, items, (*path, index))


def _mapping(value: Mapping[str, Any], schema: Schema, path: Path) -> Iterator[Mistake]:
    yield from _size(len(value), schema, path, "Properties", "key")
    properties, more = schema.get("properties", {}), schema.get("additionalProperties")
    for key in schema.get("required", ()):
        if key not in value:
            yield Mistake(path, f"the key {key} is missing")
    for key, item in value.items():
        here = (*path, key)
        if key not in properties and more is False:
            yield Mistake(here, f"unknown key {_dotted(here)}", advice(key, properties))
        elif inner := child(schema, key):
            yield from mistakes(item, inner, here)


def _size(size: int, schema: Schema, path: Path, what: str, noun: str) -> Iterator[Mistake]:
    least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
    many = {"entry": "entries", "key": "keys", "character": "characters"}[noun]
    if least is not None and size < least:
        yield Mistake(path, f"it needs at least {least} {noun if least == 1 else many}")
    if most is not None and size > most:
        yield Mistake(path, f"it may have at most {most} {noun if most == 1 else many}")


_CHECKS: Final[Mapping[str, tuple[Callable[..., Iterator[Mistake]], ...]]] = {
    "array": (_list,),
    "integer": (_number,),
    "number": (_number,),
    "object": (_mapping,),
    "string": (_text,),
}
