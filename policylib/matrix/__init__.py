"""Test matrices: what the settings promise, and whether the policy does it."""

from __future__ import annotations

from importlib import import_module

from policylib.matrix.interface import Kind

KINDS = ("residency", "digest", "provenance", "tier")


def kind(name: str) -> Kind:
    """One of `KINDS`."""
    found: Kind = import_module(f"policylib.matrix.{name}").KIND
    return found
