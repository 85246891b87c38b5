"""The verdicts of two bundles over the same documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policylib.bundle.diff.model import Said, Turned, Unjudged, VerdictChange
from policylib.bundle.loaded import Loaded
from policylib.engine.interface import DECISION, Answer, Failure
from policylib.errors import BundleError
from policylib.models import Enforcement

AT_ONCE: Final = 8
"""Documents that are asked about together: few, so that rules which never end are soon noticed."""
MOST_FAILURES: Final = 7
"""Documents that a bundle may give no verdict about before nothing more is asked of it."""

Progress = Callable[[int, int], None]

_Found = Mapping[str, tuple[Said, ...]]


@dataclass(frozen=True)
class Document:
    """A document, and where it stands: `index` counts from 0 in its file."""

    file: str
    index: int
    content: Any


@dataclass(frozen=True)
class Compared:
    """What differs over some documents, and which of them gave no verdict."""

    changes: tuple[VerdictChange, ...]
    errors: tuple[Unjudged, ...]


def compare(
    before: Loaded,
    after: Loaded,
    documents: Sequence[Document],
    progress: Progress | None = None,
) -> Compared:
    """Ask both bundles about every document; raises `BundleError` when one answers too seldom."""
    size = len(documents)
    tell = progress or _silent
    old = _asked(before, documents, lambda done: tell(done, 2 * size))
    new = _asked(after, documents, lambda done: tell(size + done, 2 * size))
    changes: list[VerdictChange] = []
    errors: list[Unjudged] = []
    for document, one, other in zip(documents, old, new, strict=True):
        if isinstance(one, str) or isinstance(other, str):
            errors += _unjudged(document, one, other)
        else:
            changes += _changes(document, one, other)
    return Compared(tuple(sorted(changes, key=_order)), tuple(errors))


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _asked(
    bundle: Loaded, documents: Sequence[Document], tell: Callable[[int], None]
) -> list[_Found | str]:
    """What a bundle says of each document, by rule; or why it says nothing."""
    found: list[_Found | str] = []
    failures = 0
    for start in range(0, len(documents), AT_ONCE):
        some = documents[start : start + AT_ONCE]
        inputs = [{"review": {"object": one.content}} for one in some]
        for document, answer in zip(some, bundle.engine.evaluate(DECISION, inputs), strict=True):
            said = _said(answer)
            failures += isinstance(said, str)
            if failures > MOST_FAILURES:
                raise BundleError(
                    f"it gives no verdict about {failures} documents, such as {document.file}: "
                    f"{said}",
                    where=bundle.name,
                )
            found.append(said)
        tell(len(found))
    return found


def _said(answer: Answer) -> _Found | str:
    if isinstance(answer, Failure):
        return answer.message
    if not isinstance(answer.value, list):
        return "the decision is no set"
    found: defaultdict[str, list[Said]] = defaultdict(list)
    for violation in answer.value:
        try:
            rule, level = str(violation["rule"]), Enforcement(violation["enforcement"])
            said = Said(
                enforcement=level, path=str(violation["path"]), message=str(violation["msg"])
            )
        except (KeyError, TypeError, ValueError) as error:
            return f"the decision holds something that is no violation: {error!r}"
        found[rule].append(said)
    return {rule: tuple(sorted(ones, key=_place)) for rule, ones in found.items()}


def _unjudged(document: Document, one: _Found | str, other: _Found | str) -> Iterator[Unjudged]:
    place = {"file": document.file, "document": document.index}
    if isinstance(one, str) and one == other:
        yield Unjudged(**place, side="both", message=one)
        return
    if isinstance(one, str):
        yield Unjudged(**place, side="before", message=one)
    if isinstance(other, str):
        yield Unjudged(**place, side="after", message=other)


def _changes(document: Document, one: _Found, other: _Found) -> Iterator[VerdictChange]:
    for rule in sorted({*one, *other}):
        before, after = one.get(rule, ()), other.get(rule, ())
        if before != after:
            yield VerdictChange(
                what=_what(before, after),
                rule=rule,
                file=document.file,
                document=document.index,
                before=before,
                after=after,
            )


def _what(before: Sequence[Said], after: Sequence[Said]) -> Turned:
    old, new = (
        any(one.enforcement == Enforcement.DENY for one in ones) for ones in (before, after)
    )
    if old == new:
        return "changed"
    return "denied" if new else "not denied"


def _place(said: Said) -> tuple[str, str, str]:
    return said.path, said.message, said.enforcement


def _order(change: VerdictChange) -> tuple[str, str, str, int]:
    return change.what, change.rule, change.file, change.document
