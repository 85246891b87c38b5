"""A family's section against the JSON Schema that the METADATA of its rules declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from policylib import durations, instants

if TYPE_CHECKING:
    from jsonschema import FormatChecker

Path = tuple[str | int, ...]


def unknown_key(value: object, schema: Mapping[str, Any]) -> tuple[Path, Iterable[str]] | None:
    """The path of the first key that no schema declares, and the keys that it does."""
    for path, node, declared in _mappings(value, schema, ()):
        if "properties" in declared and declared.get("additionalProperties") is False:
            for key in node:
                if key not in declared["properties"]:
                    return (*path, key), declared["properties"]
    return None


def _mappings(
    value: object, schema: Mapping[str, Any], path: Path
) -> Iterable[tuple[Path, Mapping[str, Any], Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield path, value, schema
        for key, item in value.items():
            yield from _mappings(item, child(schema, key), (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _mappings(item, child(schema, index), (*path, index))


def child(schema: Mapping[str, Any], key: str | int) -> Mapping[str, Any]:
    """The schema of a key of an object, or of an item of an array; empty when there is none."""
    if isinstance(key, int):
        found = schema.get("items", {})
    else:
        more = schema.get("additionalProperties", {})
        found = schema.get("properties", {}).get(key, more)
    return found if isinstance(found, dict) else {}


def mistake(value: object, schema: Mapping[str, Any]) -> tuple[Path, str] | None:
    """The path of what the schema refuses, and why."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    validator = Draft202012Validator(schema, format_checker=_formats())
    error = best_match(validator.iter_errors(value))
    return (tuple(error.absolute_path), error.message) if error else None


def _formats() -> FormatChecker:
    """The formats that the schemas of rules name, checked as the rules read them."""
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, parse in (("instant", instants.parse), ("duration", durations.seconds)):
        checker.checks(name, raises=ValueError)(_reader(parse))
    return checker


def _reader(parse: Any) -> Any:  # noqa: ANN401 - what jsonschema takes
    def check(value: object) -> bool:
        if isinstance(value, str):
            parse(value)
        return True

    return check
