"""Searches the inputs of a test for one that shows something wrong, and makes it small."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Generic, TypeVar

from policylib.testing.body import Wrong

if TYPE_CHECKING:
    from hypothesis import settings
    from hypothesis.database import ExampleDatabase
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

Judged = Callable[[Sequence[T]], list[Wrong | None]]
"""Says of each input what is wrong with it."""


@dataclass(frozen=True)
class Found(Generic[T]):
    """The smallest input that shows something wrong."""

    value: T
    wrong: Wrong


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What a search came to: the seed that repeats it, how many inputs it drew, what it found."""

    seed: int
    inputs: int
    found: Found[T] | None


@dataclass(frozen=True)
class Search(Generic[T]):
    """A search among what a strategy draws.

    `inputs` is how many to draw (None: as many as Hypothesis' profile says). `seed` fixes them;
    without one, the seed that failed last time comes first, out of Hypothesis' database, and then
    one by chance. `key` names the test in that database.
    """

    strategy: SearchStrategy[T]
    inputs: int | None
    seed: int | None
    key: str

    def run(self, judged: Judged[T]) -> Outcome[T]:
        """Look for an input that is wrong; the same seed finds the same one.

        Raises Hypothesis' errors for a strategy that draws nothing.
        """
        if self.seed is not None:
            return self._once(self.seed, judged)
        kept, key = _database(), f"policylib {self.key}".encode()
        failed = sorted(kept.fetch(key)) if kept else []
        for text in failed:
            if text.isdigit() and (again := self._once(int(text), judged)).found:
                return again
            if kept:
                kept.delete(key, text)
        outcome = self._once(_seed(self.key), judged)
        if kept and outcome.found:
            kept.save(key, str(outcome.seed).encode())
        return outcome

    def _once(self, seed: int, judged: Judged[T]) -> Outcome[T]:
        """Draw all inputs and judge them at once; only where one is wrong, one after the other."""
        drawn: list[T] = []

        def draw(value: T) -> bool:
            drawn.append(value)
            return False

        self._find(seed, draw)
        wrong = judged(drawn)
        first = next((Found(v, w) for v, w in zip(drawn, wrong, strict=True) if w), None)
        if first is None:
            return Outcome(seed, len(drawn), None)
        smallest = _Smallest(judged)
        self._find(seed, smallest)
        return Outcome(seed, len(drawn), smallest.found or first)

    def _find(self, seed: int, is_wrong: Callable[[T], bool]) -> None:
        from hypothesis import find
        from hypothesis.errors import Flaky, NoSuchExample

        drawing, chance = _settings(self.inputs), Random(seed)  # noqa: S311 - no secrets
        # An input that is wrong only now and then is reported as it was when it was.
        with suppress(NoSuchExample, Flaky):
            find(self.strategy, is_wrong, settings=drawing, random=chance)


class _Smallest(Generic[T]):
    """Keeps the last input that is wrong in the way in which the first wrong one was."""

    def __init__(self, judged: Judged[T]) -> None:
        self.found: Found[T] | None = None
        self._judged = judged

    def __call__(self, value: T) -> bool:
        [wrong] = self._judged([value])
        if wrong is None or (self.found is not None and wrong.sort != self.found.wrong.sort):
            return False
        self.found = Found(value, wrong)
        return True


def _settings(inputs: int | None) -> settings:
    from hypothesis import Phase, settings

    profile = settings()
    return settings(
        max_examples=inputs or profile.max_examples,
        phases=[phase for phase in profile.phases if phase is not Phase.explain],
        deadline=None,  # the machine's speed is no property of a policy
        database=None,  # a seed finds the same wherever it is used
        derandomize=False,
    )


def _database() -> ExampleDatabase | None:
    from hypothesis import settings

    return settings().database


def _seed(key: str) -> int:
    """By chance, or always the same for a test where Hypothesis' profile asks for that."""
    from hypothesis import settings

    return zlib.crc32(key.encode()) if settings().derandomize else secrets.randbits(32)
