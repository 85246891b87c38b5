"""Violations against violations: which are the same, and what becomes of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from policylib.models import Enforcement, Problem, Violation
from policylib.simulation.model import Unjudged

Outcome = Literal["newly_denied", "newly_allowed", "changed", "still_denied", "same"]


@dataclass(frozen=True)
class Pair:
    """One violation as both policies find it; None where one does not."""

    before: Violation | None
    after: Violation | None

    @property
    def violation(self) -> Violation:
        """The violation in the newest words."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a pair holds at least one violation")
        return found

    @property
    def outcome(self) -> Outcome:
        """What becomes of it."""
        denied = _denies(self.before), _denies(self.after)
        if denied == (False, True):
            return "newly_denied"
        if denied == (True, False):
            return "newly_allowed"
        if denied == (True, True):
            return "still_denied"
        return "same" if level(self.before) == level(self.after) else "changed"


def level(violation: Violation | None) -> Enforcement | None:
    """What a policy does about a violation; None where it finds none."""
    return None if violation is None else violation.enforcement


def pairs(before: Iterable[Violation], after: Iterable[Violation]) -> Iterator[Pair]:
    """Match the violations of one rule at one place of one document.

    Equal messages belong together. A message may quote the settings, so what is left on both
    sides is matched too, denials first; never are two violations of one side taken for one.

    >>> list(pairs([], []))
    []
    """
    places: defaultdict[tuple[str, int, str, str], tuple[list[Violation], list[Violation]]]
    places = defaultdict(lambda: ([], []))
    for side, violations in enumerate((before, after)):
        for one in violations:
            places[one.file, one.document, one.rule, one.path][side].append(one)
    for old, new in places.values():
        yield from _matched(old, new)


def _matched(old: list[Violation], new: list[Violation]) -> Iterator[Pair]:
    rest: list[Violation] = []
    for one in new:
        same = next((other for other in old if other.message == one.message), None)
        if same is None:
            rest.append(one)
        else:
            old.remove(same)
            yield Pair(same, one)
    left, right = sorted(old, key=_denials_first), sorted(rest, key=_denials_first)
    for index in range(max(len(left), len(right))):
        yield Pair(_at(left, index), _at(right, index))


def _at(violations: Sequence[Violation], index: int) -> Violation | None:
    return violations[index] if index < len(violations) else None


def _denials_first(violation: Violation) -> bool:
    return not _denies(violation)


def _denies(violation: Violation | None) -> bool:
    return violation is not None and violation.enforcement is Enforcement.DENY


def unjudged(before: Sequence[Problem], after: Sequence[Problem]) -> Iterator[Unjudged]:
    """What either side could not judge; what neither could is said once."""
    both = set(before) & set(after)
    for problem in dict.fromkeys((*before, *after)):
        if problem in both:
            yield Unjudged(**dict(problem), side="both")
        else:
            yield Unjudged(**dict(problem), side="old" if problem in before else "new")


def judged(violations: Iterable[Violation], problems: Sequence[Problem]) -> Iterator[Violation]:
    """The violations of documents that both sides could judge: only these can be compared."""
    whole = {one.file for one in problems if one.document is None}
    single = {(one.file, one.document) for one in problems}
    for violation in violations:
        names = homes(violation.file)
        if not any(name in whole or (name, violation.document) in single for name in names):
            yield violation


def homes(file: str) -> tuple[str, ...]:
    """A file and the folders that it is in: a template's problems are those of its chart.

    >>> homes("a/b/c.yaml")
    ('a/b/c.yaml', 'a/b', 'a', '.')
    """
    parts = file.split("/")
    return (*("/".join(parts[:length]) for length in range(len(parts), 0, -1)), ".")
