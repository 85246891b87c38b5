"""The programs of the engines, as tools/ builds them."""

from __future__ import annotations

from pathlib import Path

from policylib.parity.programs import PROVEN
from tests import tools


def built() -> dict[str, Path]:
    """Where each engine's program is."""
    return {name: tools.path(name) for name in PROVEN}
