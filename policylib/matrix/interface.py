"""What a kind of matrix is: its cells, what is promised for each, and inputs that lie in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from policylib.generate.choices import Choices
from policylib.generate.sample import Sample, Settings
from policylib.matrix.model import Dimension, Promise

At = Mapping[str, str]
"""A cell: the value of each dimension."""


@dataclass(frozen=True)
class Word:
    """What the settings promise for a cell, and why, in one sentence."""

    promise: Promise
    because: str


class Kind(Protocol):
    """One kind of matrix. Its oracle shares no code with the rules."""

    @property
    def name(self) -> str:
        """One of `policylib.matrix.KINDS`."""

    @property
    def title(self) -> str:
        """What the matrix shows, for people."""

    @property
    def family(self) -> str:
        """The family of rules that is asked."""

    def dimensions(self, settings: Settings) -> Sequence[Dimension]:
        """The axes: the first two are rows and columns, the others are panels."""

    def cells(self, settings: Settings) -> Sequence[At]:
        """The combinations that make sense, panel by panel."""

    def promised(self, settings: Settings, at: At) -> Word:
        """What the settings say of a cell."""

    def sample(self, choices: Choices, settings: Settings, at: At) -> Sample:
        """An input that lies in the cell."""
