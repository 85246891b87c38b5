"""What an engine says of a document, in the terms that engines are compared in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, order=True)
class Breach:
    """What engines must agree on about a violation."""

    rule: str
    path: str
    message: str
    enforcement: str


@dataclass(frozen=True)
class Verdict:
    """An engine's word on one document; none means that it is allowed."""

    breaches: frozenset[Breach]

    @property
    def denies(self) -> bool:
        """Whether any of it denies."""
        return any(breach.enforcement == "deny" for breach in self.breaches)


@dataclass(frozen=True)
class Refusal:
    """The engine failed on the document, so whoever asked it must refuse the document.

    `crashed` says that it did not even say so itself: it died, or gave no answer in time.
    """

    reason: str
    crashed: bool = False


@dataclass(frozen=True)
class Unreadable:
    """The engine cannot be given this document at all, for a reason that lies in its input."""

    reason: str


Outcome = Verdict | Refusal | Unreadable


class Peer(Protocol):
    """One engine with rules and settings."""

    name: str

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        """One outcome a document, in order."""

    def hears(self, breach: Breach) -> bool:
        """Whether such a breach reaches whoever asks this engine: conftest logs nothing."""
