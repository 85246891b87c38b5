"""Generators as Hypothesis strategies, whose failures shrink."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

from policylib.generate.choices import Choices

T = TypeVar("T")
R = TypeVar("R")


class Drawn:
    """Choices that Hypothesis makes."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def one_of(self, options: Sequence[T]) -> T:
        """See `Choices.one_of`."""
        return options[self._draw(st.integers(0, len(options) - 1))]

    def integer(self, low: int, high: int) -> int:
        """See `Choices.integer`."""
        return low + self._draw(st.integers(0, high - low))

    def text(self, alphabet: str, least: int, most: int) -> str:
        """See `Choices.text`."""
        return self._draw(st.text(alphabet, min_size=least, max_size=most))


def strategy(generator: Callable[[Choices], R]) -> st.SearchStrategy[R]:
    """What a generator makes, as a strategy."""

    @st.composite
    def drawn(draw: st.DrawFn) -> R:
        return generator(Drawn(draw))

    return drawn()
