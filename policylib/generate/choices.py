"""Where a generator's choices come from: chance, for bulk, or Hypothesis, which makes them small.

A generator is a function that takes `Choices` and returns what it makes of them. It names the
simplest option first, since that is what a choice shrinks to.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    """What a generator may ask for."""

    def one_of(self, options: Sequence[T]) -> T:
        """One of the options, the simplest of which stands first."""

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""

    def text(self, alphabet: str, least: int, most: int) -> str:
        """Between `least` and `most` characters of the alphabet."""


class Chance:
    """Choices by chance: the same for the same seed, and fast. They do not shrink."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - test inputs are no secrets

    def one_of(self, options: Sequence[T]) -> T:
        """See `Choices.one_of`."""
        return options[int(self._random.random() * len(options))]

    def integer(self, low: int, high: int) -> int:
        """See `Choices.integer`."""
        return low + int(self._random.random() * (high - low + 1))

    def text(self, alphabet: str, least: int, most: int) -> str:
        """See `Choices.text`."""
        return "".join(self._random.choices(alphabet, k=self.integer(least, most)))


class Turns(Chance):
    """Chance, but for the first option that is picked: there they take turns.

    With as many numbers of one seed as there are options, each is picked; another seed begins with
    another. Where seeds stand for all pairs of two other things this is a covering array.
    """

    def __init__(self, seed: str, number: int) -> None:
        super().__init__(f"{seed}/{number}")
        self._turn: int | None = zlib.crc32(seed.encode()) + number

    def one_of(self, options: Sequence[T]) -> T:
        """See `Choices.one_of`."""
        turn, self._turn = self._turn, None
        return super().one_of(options) if turn is None else options[turn % len(options)]


def once_in(choices: Choices, times: int) -> bool:
    """True once in so many times; it shrinks to False."""
    return choices.integer(0, times - 1) == times - 1


def weighted(choices: Choices, *options: tuple[int, T]) -> T:
    """One of the options, each as often as its weight says; the simplest stands first."""
    at = choices.integer(0, sum(weight for weight, _ in options) - 1)
    for weight, option in options:
        at -= weight
        if at < 0:
            return option
    raise AssertionError("weights are positive")


def some(choices: Choices, options: Sequence[T], least: int = 0) -> list[T]:
    """Some of the options, in their order; it shrinks to the first `least`."""
    found = [option for option in options if choices.integer(0, 1)]
    return found if len(found) >= least else list(options[:least])
