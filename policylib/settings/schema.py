"""The JSON Schemas of `policylib.yaml` and of a file of exceptions.

What is published for editors is what files are checked against, without the keyword `tighter` and
with what makes a target specific.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from policylib.settings.levels import LEVELS
from policylib.settings.model import VERSION, Known
from policylib.version import __version__

URL: Final = (
    "https://raw.githubusercontent.com/your-org/policylib/"
    f"v{__version__}/docs/schema/policylib.schema.json"
)
"""Where the schema of this version is published, for editors."""

Schema = dict[str, Any]

# Not only white space.
_FILLED: Final[Schema] = {"type": "string", "pattern": r"\S"}


def settings(known: Known) -> Schema:
    """The schema of `policylib.yaml`: the frame, and a section a family."""
    level = {"type": "string", "enum": list(LEVELS)}
    names = sorted({*known.families, *known.rules, *known.own})
    frame: dict[str, Schema] = {
        "version": _version(),
        "exclude": {
            "description": "Globs of files that are not checked.",
            "type": "array",
            "items": _FILLED,
            "default": [],
        },
        "enforcement": {
            "description": (
                "What a violation does: environment, then rule or family, then 'off' (in quotes), "
                "log, warn or deny. What is not named denies; a rule goes before its family."
            ),
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(names, level),
            },
            "default": {},
        },
        "labels": {
            "description": "The labels (or annotations) that say where a workload belongs.",
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {
                    **_FILLED,
                    "description": f"The key whose value is its {said}.",
                    "default": f"policylib.dev/{key}",
                }
                for name, key, said in (
                    ("service", "service", "service in the catalog"),
                    ("region", "region", "region"),
                    ("data_class", "data-class", "class of data"),
                    ("tenant", "tenant", "tenant"),
                )
            },
        },
        "catalog": {
            **_FILLED,
            "description": "The file that holds the service catalog, relative to this one.",
        },
        "exceptions": {
            **_FILLED,
            "description": "The file that holds the exceptions, relative to this one.",
        },
    }
    return _closed({**frame, **dict(sorted(known.families.items()))})


def exceptions(known: Known) -> Schema:
    """The schema of a file of exceptions."""
    target = {
        "description": (
            "What it is for; all that is named has to agree. A workload (kind, name, and namespace "
            "unless it has none), the digest of an image, or an image in a namespace; image, path "
            "and message narrow it to one violation."
        ),
        **_closed(
            {
                "kind": {"type": "string"},
                "namespace": {"type": "string"},
                "name": {"type": "string"},
                "image": {"type": "string", "description": "A reference, or a digest alone."},
                "path": {"type": "string", "description": "A JSON pointer into the workload."},
                "message": {"type": "string", "description": "What the violation says."},
            }
        ),
    }
    entry = _closed(
        {
            "rule": {"type": "string", "enum": sorted({*known.rules, *known.own})},
            "target": target,
            "reason": {**_FILLED, "description": "Why it has to be."},
            "ticket": {**_FILLED, "description": "Where it is followed up."},
            "approver": {**_FILLED, "description": "Who answers for it."},
            "expires": {
                "type": "string",
                "format": "instant",
                "description": (
                    "When it ends: a date such as 2026-12-31, which still counts as a whole (UTC), "
                    "or an RFC 3339 timestamp."
                ),
            },
        }
    )
    entry["required"] = list(entry["properties"])
    return _closed({"version": _version(), "exceptions": {"type": "array", "items": entry}})


def published(known: Known) -> dict[str, str]:
    """The text of each schema that is published, by its file's name."""
    entries = exceptions(known)
    entries["properties"]["exceptions"]["items"]["properties"]["target"]["anyOf"] = _SPECIFIC
    return {
        "policylib.schema.json": text("settings", "policylib.yaml", settings(known)),
        "exceptions.schema.json": text("exceptions", "exceptions.yaml", entries),
    }


def _needing(**patterns: str) -> Schema:
    properties = {key: {"pattern": pattern} for key, pattern in patterns.items()}
    return {"required": list(patterns), "properties": properties}


# What `policylib.models.Target` requires.
_SPECIFIC: Final = [
    _needing(kind=".", name="."),
    _needing(image="^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$"),
    _needing(namespace=".", image="."),
]


def _version() -> Schema:
    return {
        "description": "The form of this file.",
        "type": "integer",
        "enum": [VERSION],
        "default": VERSION,
    }


def _closed(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def text(name: str, title: str, schema: Schema) -> str:
    """The text of a schema as it is published."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:policylib:{name}",
        "title": title,
    }
    return json.dumps({**head, **_without_ways(schema)}, indent=2, ensure_ascii=False) + "\n"


def _without_ways(node: Any) -> Any:  # noqa: ANN401 - a schema holds schemas and plain values
    """A schema without what only policylib reads of it."""
    if isinstance(node, list):
        return [_without_ways(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    found = {key: _without_ways(value) for key, value in node.items()}
    if isinstance(node.get("type"), str):
        found.pop("tighter", None)
    return found
