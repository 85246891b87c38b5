"""A constraint's parameters as a structural schema, from what the rules' METADATA declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policylib.errors import BundleError

# What the API server accepts of JSON Schema; the keywords that it refuses only tighten.
_SCHEMA_KEPT = {
    "type", "description", "enum", "pattern", "required", "minimum", "maximum",
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
}  # fmt: skip
_SCHEMA_DROPPED = {
    "additionalProperties", "default", "examples", "format", "tighter", "title", "uniqueItems",
}  # fmt: skip
ANYTHING: Final = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
_TEXTS = ("rule", "reason", "ticket", "approver", "expires")
_TARGET = ("kind", "namespace", "name", "image", "path", "message")
EXCEPTIONS: Final = {
    "description": "What is let through for a time, and on whose word.",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in _TEXTS},
            "target": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in _TARGET},
            },
        },
    },
}


def properties(schema: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The properties of a JSON Schema as those of a structural one; raises `BundleError`."""
    return {name: _schema(item, where) for name, item in schema.get("properties", {}).items()}


def _schema(schema: Mapping[str, Any], where: str) -> dict[str, Any]:
    """A parameter's JSON Schema as a structural one."""
    kept = {key: value for key, value in schema.items() if key in _SCHEMA_KEPT}
    unknown = schema.keys() - _SCHEMA_KEPT - _SCHEMA_DROPPED - {"properties", "items"}
    if unknown or "type" not in schema:
        wrong = f"uses {', '.join(sorted(unknown))}" if unknown else "lacks a type"
        raise BundleError(f"a parameter's schema {wrong}, which no CRD takes", where=where)
    if "properties" in schema:
        kept["properties"] = properties(schema, where)
    elif isinstance(schema.get("additionalProperties"), Mapping):
        kept["additionalProperties"] = _schema(schema["additionalProperties"], where)
    if "items" in schema:
        kept["items"] = _schema(schema["items"], where)
    return kept
