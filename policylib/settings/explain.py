"""What each key of the settings means, what holds, and where that comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from policylib.settings import Loaded, schema
from policylib.settings.checks import properties
from policylib.settings.model import Known, Settings

DEFAULT: Final = "default"


class Key(NamedTuple):
    """One key; `value` is None where nothing restricts and nothing is named."""

    name: str
    value: Any
    source: str
    kind: str
    meaning: str


class RuleLevel(NamedTuple):
    """What a violation of a rule does in an environment."""

    rule: str
    level: str
    source: str


def keys(loaded: Loaded, known: Known, file: str) -> Iterator[Key]:
    """Every key; `file` is the name of what the caller vouches for."""
    layers = [(f"{file}", loaded.vouched)] if file else []
    if loaded.found is not None:
        layers.insert(0, ("policylib.yaml, found here", loaded.found))
    for name, node in _frame(known):
        for path, leaf in _leaves((name,), node):
            said = [layer for layer, one in layers if _value(one, path) is not _UNSAID]
            value = _value(loaded.settings, path) if said else leaf.get("default")
            source = " over ".join(said) or DEFAULT
            yield Key(".".join(path), value, source, kind(leaf), str(leaf.get("description", "")))


def names(known: Known) -> tuple[str, ...]:
    """The names of all keys, and of what several begin with."""
    parts = [path for key, node in _frame(known) for path, _ in _leaves((key,), node)]
    found = (".".join(path[:length]) for path in parts for length in range(1, len(path) + 1))
    return tuple(dict.fromkeys(found))


def _frame(known: Known) -> Iterable[tuple[str, Mapping[str, Any]]]:
    properties: Mapping[str, Mapping[str, Any]] = schema.settings(known)["properties"]
    return properties.items()


def levels(
    settings: Settings, known: Known, environment: str | None, entering: Collection[str]
) -> Iterator[RuleLevel]:
    """What a violation of each rule does."""
    said = settings.enforcement.get(environment, {}) if environment else {}
    for rule in sorted(known.rules):
        names = [name for name in (rule, rule.partition(".")[0]) if name in said]
        entered = "it enters in this release" if rule in entering else DEFAULT
        source = f"enforcement.{environment}.{names[0]}" if names else entered
        yield RuleLevel(rule, settings.level(environment, rule, entering), source)


def kind(node: Mapping[str, Any]) -> str:
    """The type of a value, for people.

    >>> kind({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}})
    'list of (a | b)'
    """
    if "enum" in node:
        choice = " | ".join(map(str, node["enum"]))
        return f"({choice})" if len(node["enum"]) > 1 else choice
    match node.get("type"):
        case "array":
            return f"list of {kind(node['items'])}" if "items" in node else "list"
        case "object":
            return _mapping(node)
        case "string":
            return str(node.get("format", "text"))
    kinds = {"boolean": "true or false", "integer": "whole number"}
    return kinds.get(node["type"], str(node["type"]))


def _mapping(node: Mapping[str, Any]) -> str:
    more = node.get("additionalProperties")
    if isinstance(more, Mapping):
        return f"mapping of names to {kind(more)}"
    inner = dict(properties(node))
    kinds = {kind(one) for one in inner.values()}
    named = ", ".join([*list(inner)[:4], *(["…"] if len(inner) > 4 else [])])
    return f"mapping of {named} to {kinds.pop()}" if len(kinds) == 1 else f"mapping of {named}"


_UNSAID: Final = object()


def _leaves(
    path: tuple[str, ...], node: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if "properties" in node:
        for key, inner in properties(node):
            yield from _leaves((*path, key), inner)
    else:
        yield path, node


def _value(settings: Settings, path: tuple[str, ...]) -> Any:  # noqa: ANN401
    """What settings say under a path of keys."""
    first, *rest = path
    if first in settings.families:
        return _below(settings.families[first], rest)
    if first != "version" and first not in settings.model_fields_set:
        return _UNSAID
    match first:
        case "labels":
            return _below(settings.labels.model_dump(exclude_unset=True), rest)
        case "exceptions":
            return [f"{one.rule}: {one.target}" for one in settings.exceptions]
        case "catalog" | "exclude":
            return list(getattr(settings, first) or ())
    return getattr(settings, first, _UNSAID)


def _below(value: Any, path: list[str]) -> Any:  # noqa: ANN401
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return _UNSAID
        value = value[key]
    return value
