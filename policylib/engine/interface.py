"""What an engine is: it answers a Rego query for many inputs, and says so when it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

DECISION = "data.policylib.decision.violations"
"""The rule that every check asks."""

UNCONFIGURED = "data.policylib.decision.unconfigured"
"""The families that the decision does not ask, for want of settings."""


@dataclass(frozen=True)
class Value:
    """The value of a rule; a set is a sorted list."""

    value: Any


@dataclass(frozen=True)
class Failure:
    """Why there is no value: undefined, too slow, a builtin's error, a crash."""

    message: str


Answer = Value | Failure


class Engine(Protocol):
    """Rules and data, ready to be asked."""

    @property
    def name(self) -> str:
        """The engine's name, such as `regorus`."""

    @property
    def version(self) -> str:
        """The engine's version, such as `0.14.1`."""

    def evaluate(self, rule: str, inputs: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """Ask `rule`, a path such as `data.policylib.decision.violations`, once for each input.

        An input that the engine fails on is a `Failure` and leaves the others alone. Raises
        `EngineError` when the engine as a whole does not work.
        """
