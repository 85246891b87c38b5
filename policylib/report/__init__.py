"""Outputs: one file a format. A report never evaluates anything."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from policylib.report.interface import Options, Reporter

__all__ = ["FORMATS", "Options", "Reporter", "reporter"]

FORMATS: Final = (
    "text",
    "json",
    "json-lines",
    "markdown",
    "github",
    "gitlab",
    "junit",
    "sarif",
    "policyreport",
    "openreports",
)


def reporter(name: str) -> Reporter:
    """Return the reporter of a format, importing nothing that other formats need.

    Raises
    ------
    KeyError
        If the format is not one of `FORMATS`.
    """
    if name not in FORMATS:
        raise KeyError(name)
    return cast("Reporter", import_module(f"policylib.report.{name.replace('-', '_')}").write)
