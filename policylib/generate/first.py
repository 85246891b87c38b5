"""The simplest of whatever can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class First:
    """Choices that are always the simplest."""

    def one_of(self, options: Sequence[T]) -> T:
        """See `Choices.one_of`."""
        return options[0]

    def integer(self, low: int, high: int) -> int:
        """See `Choices.integer`."""
        return min(low, high)

    def text(self, alphabet: str, least: int, most: int) -> str:
        """See `Choices.text`."""
        return alphabet[0] * min(least, most)
