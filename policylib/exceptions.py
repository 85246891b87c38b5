"""Exceptions over time: what became of each in a check, and a file of those a team starts with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from policylib import instants
from policylib.models import Enforcement, ListedException, PolicyException, Target, Violation

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*")
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def listed(
    entries: Iterable[PolicyException], violations: Iterable[Violation], now: datetime | None = None
) -> tuple[ListedException, ...]:
    """Each exception, and what became of it among these violations."""
    at = now or datetime.now(UTC)
    used = Counter(v.exception for v in violations if v.exception is not None)
    return tuple(
        ListedException(**dict(entry), state=_state(entry, used[entry], at), violations=used[entry])
        for entry in entries
    )


def _state(entry: PolicyException, used: int, at: datetime) -> Literal["used", "unused", "expired"]:
    if used:
        return "used"
    return "expired" if has_expired(entry, at) else "unused"


def has_expired(entry: PolicyException, at: datetime) -> bool:
    """Whether an exception lets nothing through any more."""
    return instants.parse(entry.expires) <= at


def expires_within(entry: PolicyException, seconds: float, at: datetime) -> bool:
    """Whether an exception still holds, and not for longer than some seconds."""
    return at < instants.parse(entry.expires) <= at + timedelta(seconds=seconds)


def target(violation: Violation) -> Target | None:
    """The narrowest target that a violation has; None where its resource has no kind or name.

    It names the workload, what the violation says, and the image that it says it of; where there
    is none, the place. So another container may not use it, nor may this one for something else.
    """
    resource, details = violation.resource, violation.details
    if not (resource.kind and resource.name):
        return None
    image, path = details.get("image"), details.get("path")
    about = {"image": image} if isinstance(image, str) and image else {"path": path or ""}
    return Target(
        kind=resource.kind,
        namespace=resource.namespace or None,
        name=resource.name,
        message=violation.message,
        **about,
    )


def baseline(
    violations: Iterable[Violation], *, reason: str, ticket: str, approver: str, expires: str
) -> tuple[tuple[PolicyException, ...], tuple[Violation, ...]]:
    """An exception for each denied violation, in one order; and the violations that can have none.

    >>> baseline([], reason="r", ticket="t", approver="a", expires="2026-12-31")
    ((), ())
    """
    left: list[Violation] = []
    entries: set[PolicyException] = set()
    for violation in violations:
        if violation.enforcement is not Enforcement.DENY:
            continue
        found = target(violation)
        if found is None:
            left.append(violation)
            continue
        entries.add(
            PolicyException(
                rule=violation.rule,
                target=found,
                reason=reason,
                ticket=ticket,
                approver=approver,
                expires=expires,
            )
        )
    return tuple(sorted(entries, key=_order)), tuple(left)


def still_used(
    entries: Iterable[PolicyException], violations: Iterable[Violation]
) -> tuple[PolicyException, ...]:
    """The exceptions that let something through."""
    used = {v.exception for v in violations if v.exception is not None}
    return tuple(entry for entry in entries if entry in used)


def dump(entries: Sequence[PolicyException]) -> str:
    """A file of exceptions: the same bytes for the same entries."""
    if not entries:
        return "version: 1\nexceptions: []\n"
    return "".join(("version: 1\nexceptions:\n", *(line for e in entries for line in _lines(e))))


def _lines(entry: PolicyException) -> Iterator[str]:
    yield f"  - rule: {_scalar(entry.rule)}\n    target:\n"
    for key, value in entry.target.model_dump(exclude_none=True).items():
        yield f"      {key}: {_scalar(value)}\n"
    for key in ("reason", "ticket", "approver", "expires"):
        yield f"    {key}: {_scalar(getattr(entry, key))}\n"


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    if text.isprintable():
        quoted = text.replace("'", "''")
        return f"'{quoted}'"
    written = "".join(
        char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text
    )
    return f'"{written}"'


def _order(entry: PolicyException) -> tuple[str, ...]:
    parts = entry.target
    names = (parts.kind, parts.namespace, parts.name, parts.image, parts.path, parts.message)
    return (entry.rule, *(name or "" for name in names))
