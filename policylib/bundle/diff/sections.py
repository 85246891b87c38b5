"""A difference in lines, the same for a terminal and for Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from policylib.bundle.diff.model import (
    Difference,
    RuleChange,
    Said,
    Side,
    Turn,
    Turned,
    VerdictChange,
)
from policylib.report.plain import count

SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}

_FEW = 5
"""Documents that are shown of a rule unless all are asked for."""
_LONGEST = 240
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_VERDICTS: Final[Mapping[Turned, tuple[str, str]]] = {
    "denied": ("+", "denied after, not before"),
    "not denied": ("-", "denied before, not after"),
    "changed": ("~", "otherwise changed"),
}


@dataclass(frozen=True)
class Section:
    """What differs in one respect: lines, each with a sign."""

    title: str
    lines: Sequence[tuple[str, str]]


def sections(found: Difference, *, full: bool) -> Iterator[Section]:
    """All that differs; of the documents of a rule only some, unless `full`."""
    every = (
        ("rules", [(SIGNS[one.what], _rule(one)) for one in found.rules]),
        ("other modules", [(SIGNS[one.what], one.path) for one in found.modules]),
        ("resources for Gatekeeper", [(SIGNS[one.what], one.path) for one in found.resources]),
        ("families that are not asked", list(_families(found.before, found.after))),
        ("settings", list(_turns(found.settings))),
        ("exceptions", [(SIGNS[one.what], _exception(one.entry)) for one in found.exceptions]),
        ("facts", list(_turns(found.facts))),
        ("other data", list(_turns(found.data))),
    )
    yield from (Section(title, lines) for title, lines in every if lines)
    for what, (sign, title) in _VERDICTS.items():
        if changes := [one for one in found.verdicts if one.what == what]:
            lines = list(_verdicts(sign, changes, full=full))
            yield Section(f"{title}: {count(len(changes), 'verdict')}", lines)
    if found.errors:
        lines = [
            ("!", f"{_place(e.file, e.document)}: {_who(e.side)}{e.message}") for e in found.errors
        ]
        yield Section("not judged", lines)


def summary(found: Difference) -> str:
    """How much differs, in a sentence."""
    judged = f"{count(found.documents, 'document')} judged"
    if found.errors:
        judged += f", {count(len(found.errors), 'problem')}"
    if found.same:
        return f"The same{' as far as they were judged' if found.errors else ''} ({judged})"
    parts = {
        "rule": len(found.rules),
        "other module": len(found.modules),
        "resource": len(found.resources),
        "setting": len(found.settings),
        "exception": len(found.exceptions),
        "fact": len(found.facts),
        "other value": len(found.data),
        "verdict": len(found.verdicts),
    }
    said = [count(number, what) for what, number in parts.items() if number]
    if found.before.unconfigured != found.after.unconfigured:
        said.append("the families that are asked")
    return f"They differ: {', '.join(said)} ({judged})"


def side(one: Side) -> str:
    """What a bundle was called, and its revision."""
    revision = _cut(one.revision) or "no revision"
    return f"{one.name} ({revision}, {count(one.rules, 'rule')})"


def _rule(change: RuleChange) -> str:
    if change.what != "changed":
        return f"{change.rule} ({change.after or change.before})"
    parts = [f"{change.before} → {change.after}"] if change.before != change.after else []
    parts += [text for _, text in _turns(change.metadata)]
    parts += ["its code"] if change.source else []
    return f"{change.rule}: {'; '.join(parts)}"


def _families(before: Side, after: Side) -> Iterator[tuple[str, str]]:
    old, new = set(before.unconfigured), set(after.unconfigured)
    yield from (("-", family) for family in sorted(old - new))
    yield from (("+", family) for family in sorted(new - old))


def _turns(turns: Iterable[Turn]) -> Iterator[tuple[str, str]]:
    for one in turns:
        path = _dotted(one.path)
        match one.what:
            case "added":
                yield "+", f"{path}: {_value(one.after)}"
            case "removed":
                yield "-", f"{path}: {_value(one.before)}"
            case "changed":
                yield "~", f"{path}: {_value(one.before)} → {_value(one.after)}"


def _dotted(path: Iterable[str | int]) -> str:
    """A path of keys; one that is no plain word is quoted."""
    text = ""
    for part in path:
        if isinstance(part, str) and _PLAIN.fullmatch(part):
            text += f".{part}"
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text.removeprefix(".")


def _value(value: Any) -> str:  # noqa: ANN401 - any JSON
    return _cut(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _exception(entry: Any) -> str:  # noqa: ANN401 - any JSON
    if not isinstance(entry, dict) or not isinstance(entry.get("target"), dict):
        return _value(entry)
    target = ", ".join(f"{key} {value}" for key, value in entry["target"].items())
    rest = f"until {entry.get('expires')}, {entry.get('ticket')}, by {entry.get('approver')}"
    return f"{entry.get('rule')}: {target} ({rest})"


def _verdicts(
    sign: str, changes: Sequence[VerdictChange], *, full: bool
) -> Iterator[tuple[str, str]]:
    for rule, group in groupby(changes, key=lambda one: one.rule):
        ones = list(group)
        shown = ones if full else ones[:_FEW]
        for one in shown:
            yield sign, f"{rule}: {_place(one.file, one.document)}: {_said(one)}"
        if len(ones) > len(shown):
            yield " ", f"{rule}: {len(ones) - len(shown)} more (--all)"


def _said(change: VerdictChange) -> str:
    gone = [one for one in change.before if one not in change.after]
    come = [one for one in change.after if one not in change.before]
    if change.what == "denied":
        return _first(come, "deny")
    if change.what == "not denied":
        return _first(gone, "deny")
    return f"{_first(gone)} → {_first(come)}"


def _first(said: Sequence[Said], level: str = "") -> str:
    """What is said first, of this enforcement where there is any."""
    some = [one for one in said if one.enforcement == level] or list(said)
    if not some:
        return "nothing"
    more = f" (and {len(some) - 1} more)" if len(some) > 1 else ""
    enforcement = "" if level else f"{some[0].enforcement}: "
    return f"{enforcement}{_cut(some[0].message)}{more}"


def _place(file: str, document: int | None) -> str:
    return f"{file}#{document + 1}" if document else file


def _who(side_: str) -> str:
    return "" if side_ == "both" else f"{side_}: "
