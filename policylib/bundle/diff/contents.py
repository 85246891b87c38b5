"""The contents of two bundles: rules and other modules, settings, exceptions, facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policylib.bundle.diff.model import ExceptionChange, FileChange, RuleChange, Turn
from policylib.bundle.diff.turns import turns
from policylib.bundle.loaded import Loaded
from policylib.models import Rule
from policylib.rules import path_of
from policylib.settings.checks import canonical

NOT_ASKED = "not asked"
_LEVELS = ("off", "log", "warn")


def rules(before: Loaded, after: Loaded) -> Iterator[RuleChange]:
    """The rules that differ: in what they are, or in what a violation does."""
    old, new = before.rules.rules, after.rules.rules
    for id_ in sorted({*old, *new}):
        if id_ not in old:
            yield RuleChange(rule=id_, what="added", after=level(after, id_))
        elif id_ not in new:
            yield RuleChange(rule=id_, what="removed", before=level(before, id_))
        else:
            found = RuleChange(
                rule=id_,
                what="changed",
                before=level(before, id_),
                after=level(after, id_),
                metadata=tuple(turns(_said(old[id_]), _said(new[id_]))),
                source=_code(before, id_) != _code(after, id_),
            )
            if found.before != found.after or found.metadata or found.source:
                yield found


def level(one: Loaded, id_: str) -> str:
    """What a violation of a rule does, as the decision has it."""
    family = id_.partition(".")[0]
    if family in one.unconfigured:
        return NOT_ASKED
    settings = one.settings
    entering = settings.get("entering")
    usual = "warn" if isinstance(entering, list) and id_ in entering else "deny"
    levels = _at(_at(settings, "enforcement"), settings.get("environment"))
    found = levels.get(id_, levels.get(family, usual))
    return found if found in _LEVELS else "deny"


def modules(before: Loaded, after: Loaded) -> Iterator[FileChange]:
    """The modules that differ and are no rules; of a rule, what its METADATA does not tell."""
    judged = {path_of(id_) for id_ in (*before.rules.rules, *after.rules.rules)}
    found = _files(before.sources, after.sources)
    yield from (change for change in found if change.path not in judged)


def resources(before: Loaded, after: Loaded) -> Iterator[FileChange]:
    """The files that differ of those that a cluster or gator takes."""
    yield from _files(before.resources, after.resources)


def _files(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[FileChange]:
    for path in sorted({*old, *new}):
        if path not in old:
            yield FileChange(path=path, what="added")
        elif path not in new:
            yield FileChange(path=path, what="removed")
        elif old[path] != new[path]:
            yield FileChange(path=path, what="changed")


def settings(before: Loaded, after: Loaded) -> Iterator[Turn]:
    """The settings that differ; exceptions have their own list."""
    old, new = ({"enforcement": {}, **_split(one)[0]} for one in (before, after))
    yield from turns(old, new)


def exceptions(before: Loaded, after: Loaded) -> Iterator[ExceptionChange]:
    """The exceptions that came or went: one that was changed did both."""
    old, new = ({canonical(entry): entry for entry in _split(one)[1]} for one in (before, after))
    for text in sorted(old.keys() - new.keys()):
        yield ExceptionChange(what="removed", entry=old[text])
    for text in sorted(new.keys() - old.keys()):
        yield ExceptionChange(what="added", entry=new[text])


def facts(before: Loaded, after: Loaded) -> Iterator[Turn]:
    """The facts that differ; none at all is no fact about any image."""
    yield from turns({"images": {}, **before.facts}, {"images": {}, **after.facts})


def data(before: Loaded, after: Loaded) -> Iterator[Turn]:
    """What differs of data that are neither settings nor facts."""
    old, new = (
        {key: value for key, value in one.data.items() if key not in {"settings", "facts"}}
        for one in (before, after)
    )
    yield from turns(old, new)


def _split(one: Loaded) -> tuple[dict[str, Any], list[Any]]:
    """The settings, and the exceptions in them; what is no list of them is a setting."""
    entries = one.settings.get("exceptions", [])
    if not isinstance(entries, list):
        return one.settings, []
    return {key: value for key, value in one.settings.items() if key != "exceptions"}, entries


def _at(value: object, key: object) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) and isinstance(key, str) else None
    return found if isinstance(found, Mapping) else {}


def _said(rule: Rule) -> dict[str, Any]:
    return rule.model_dump(mode="json", exclude={"id"})


def _code(one: Loaded, id_: str) -> list[str]:
    """The lines of a rule behind its METADATA, which are compared for themselves."""
    lines = one.sources[path_of(id_)].splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("package")), 0)
    return lines[start:]
