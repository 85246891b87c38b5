"""What a document says of its data: of which classes it is, where, and whose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """Classes, places and tenants, each spelt as the document writes it.

    Every class has to be permitted in every place, and every tenant too.
    """

    classes: tuple[str, ...]
    places: tuple[str, ...]
    tenants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """What a transfer says: where its data comes from and goes to, spelt as it writes them."""

    classes: tuple[str, ...]
    source: str
    target: str
    tenants: tuple[str, ...] = ()
    pipeline: str | None = None
