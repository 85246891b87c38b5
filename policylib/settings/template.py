"""A `policylib.yaml` to start with: every key, what it means, and what holds without it.

What would enforce something that nobody has decided yet is commented out, with an example.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policylib.settings import schema
from policylib.settings.checks import mistakes, properties
from policylib.settings.model import Known

_WIDTH: Final = 96
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*")
_NUMBER = re.compile(r"[0-9][0-9_.eExXoO-]*")
_NOT_TEXT: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})

_HEAD = """\
What policylib asks, and how strictly. `rc settings explain` says what is in force and what each
key means, `rc settings validate` what is wrong here.

Pass this file with --settings, from a place that you vouch for. One that is merely found in the
current folder may tighten the policy, never weaken it.
"""
_ABOUT: Final = {
    "digest": "Is this exactly what was built? Always asked.",
    "provenance": "Who built it, how, and is it proven? Asked once it has a section.",
    "residency": "May this data live there, or be sent there? Asked once it has a section.",
    "tier": "Is it run as its tier demands? Asked once it has a section.",
}
_DAYS_END: Final = "2098-12-31"
# What stands for a value that only its team can know; left out where the schema has no such key.
_EXAMPLES: Final[Mapping[str, Any]] = {
    "exclude": ["vendor/**"],
    "enforcement": {"dev": {"residency": "log"}, "stage": {}, "prod": {}},
    "catalog": "service-catalog.yaml",
    "exceptions": "exceptions.yaml",
    "digest.registries": ["ghcr.io/org/"],
    "provenance.signers": [
        {
            "issuer": "https://token.actions.githubusercontent.com",
            "identity": "https://github.com/org/app/.github/workflows/release.yml@refs/heads/main",
        }
    ],
    "provenance.sources": ["https://github.com/org/"],
    "residency.allowed_regions": {"pii": ["us-east-1"], "logs": ["us-west-2"]},
    "residency.tenants": {"acme": ["us-east-1"]},
    "residency.pipelines": [
        {
            "name": "usage-report",
            "data_class": "logs",
            "from": "us-west-2",
            "to": "us-east-1",
            "dpia": "DPIA-1",
            "owner": "data",
            "expires": _DAYS_END,
        }
    ],
    "residency.approved_by": "security@example.com",
}
# Text of a form for which an example is not the word `example`.
_OF_FORMAT: Final = {"instant": _DAYS_END, "duration": "1h"}


def template(known: Known, *, sections: bool = False, values: bool = False) -> str:
    """The text of the file.

    `sections` lifts the comments of the families' sections, and `values` those of what in them, or
    beside them, would change what holds: so that what a reader may do to the file can be tried.
    """
    return "\n".join(_Template(known, sections=sections, values=values).lines()) + "\n"


class _Template:
    def __init__(self, known: Known, *, sections: bool, values: bool) -> None:
        self._known = known
        self._sections = sections
        self._values = values

    def lines(self) -> Iterator[str]:
        yield f"# yaml-language-server: $schema={schema.URL}"
        yield "#"
        yield from _said(_HEAD)
        yield "version: 1"
        for key, node in schema.settings(self._known)["properties"].items():
            if key == "version":
                continue
            yield ""
            yield from _said(node.get("description") or self._about(key))
            lines = self._value(key, node, key)
            yield from lines if self._is_active(key) else (f"# {line}" for line in lines)

    def _is_active(self, key: str) -> bool:
        if key in self._known.families:
            return self._sections or key in self._known.always
        return self._values

    def _about(self, family: str) -> str:
        about = _ABOUT.get(family, "Asked once it has a section.")
        rules = sorted(rule for rule in self._known.rules if rule.partition(".")[0] == family)
        return f"{family.upper()}: {about}\n\nRules: {', '.join(rules)}."

    def _value(self, name: str, node: Mapping[str, Any], path: str) -> Iterator[str]:
        """The key with its default, an example or an invented value."""
        example = _example(path, node)
        if "properties" not in node:
            yield from _entry(name, example)
            return
        inner = [(key, one, f"{path}.{key}") for key, one in properties(node)]
        is_empty = not any(self._is_usual(one, place) for _, one, place in inner)
        yield f"{_flow(name)}: {{}}" if is_empty else f"{_flow(name)}:"
        for key, one, place in inner:
            yield from (f"  {line}" for line in self._property(key, one, place))

    def _is_usual(self, node: Mapping[str, Any], path: str) -> bool:
        """Whether what is written is what holds without it."""
        if self._values or "properties" in node:
            return True
        return "default" in node and _example(path, node) == node["default"]

    def _property(self, name: str, node: Mapping[str, Any], path: str) -> Iterator[str]:
        """A key, and what it means; commented out where it would change what holds."""
        yield from _said(node.get("description", ""))
        lines = self._value(name, node, path)
        yield from lines if self._is_usual(node, path) else (f"# {line}" for line in lines)


def _entry(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401
    """A key and its value, on as few lines as are easy to read."""
    flow = _flow(value)
    if len(flow) < _WIDTH - 30 or not value or not isinstance(value, dict | list):
        yield f"{_flow(name)}: {flow}"
        return
    yield f"{_flow(name)}:"
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (f"  {line}" for line in _entry(key, item))
        return
    for item in value:
        pairs = item.items() if isinstance(item, dict) else ()
        lines = [line for pair in pairs for line in _entry(*pair)] or [_flow(item)]
        yield from (f"  {'  ' if index else '- '}{line}" for index, line in enumerate(lines))


def _said(text: str) -> Iterator[str]:
    for index, paragraph in enumerate(text.strip().split("\n\n") if text else ()):
        if index:
            yield "#"
        for line in textwrap.wrap(" ".join(paragraph.split()), _WIDTH, break_on_hyphens=False):
            yield f"# {line}"


def _example(path: str, node: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if path in _EXAMPLES and not any(mistakes(_EXAMPLES[path], node)):
        return _EXAMPLES[path]
    return node["default"] if "default" in node else _invented(node)


def _invented(node: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """The simplest value that a schema permits, for want of a better one."""
    if "enum" in node:
        return node["enum"][0]
    match node["type"]:
        case "object":
            properties = node.get("properties", {})
            return {key: _invented(properties[key]) for key in node.get("required", ())}
        case "array":
            return [_invented(node["items"])] if "items" in node else []
        case "boolean":
            return False
        case "integer" | "number":
            return node.get("minimum", 0)
    return _OF_FORMAT.get(node.get("format", ""), "example")


def _flow(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _NUMBER.fullmatch(value):
        return value if value.lower() not in _NOT_TEXT else f"'{value}'"
    return json.dumps(value, ensure_ascii=False)
