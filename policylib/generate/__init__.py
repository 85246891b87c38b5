"""Generated inputs for every family of rules: sound ones, and ones with a defect that is known."""

from __future__ import annotations

from importlib import import_module

from policylib.generate.family import Family

FAMILIES = ("digest", "provenance", "residency", "tier")


def family(name: str) -> Family:
    """The generators of one of `FAMILIES`."""
    found: Family = import_module(f"policylib.generate.{name}").FAMILY
    return found
