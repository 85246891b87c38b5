"""Joins what packages say to the report of policylib's own rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policylib.inputs.interface import Source
from policylib.models import Report, Violation
from policylib.packages.exceptions import excepted

if TYPE_CHECKING:
    from policylib.packages import Packages

FAMILY = "conftest"
"""What the ids of the packages' rules begin with."""


def joined(
    report: Report,
    packages: Packages,
    sources: Sequence[Source],
    modules: Mapping[str, str],
    settings: Mapping[str, Any],
) -> Report:
    """The report, and what the packages say of the same sources.

    `modules` are policylib's rules, whose exceptions and enforcement hold for the packages' rules
    too, and `settings` is what they read as `data.settings`. A source that can be read only once
    has to be `held`.
    """
    levels = levels_of(settings)
    judgement = packages.judge(sources, levels)
    found = excepted(judgement.violations, modules, settings)
    known = f"{report.revision}\n{packages.revision}"
    return report.model_copy(
        update={
            "revision": f"sha256:{hashlib.sha256(known.encode()).hexdigest()}",
            "errors": tuple(
                sorted(
                    (*report.errors, *judgement.problems), key=lambda e: (e.file, e.line, e.column)
                )
            ),
            "violations": tuple(sorted((*report.violations, *found), key=_order)),
            "notes": (*report.notes, *judgement.notes, *_unknown(packages, levels)),
        }
    )


def levels_of(settings: Mapping[str, Any]) -> Mapping[str, str]:
    """What the settings say of their environment; without one the strictest holds."""
    levels = settings.get("enforcement", {}).get(settings.get("environment"), {})
    return levels if isinstance(levels, Mapping) else {}


def _unknown(packages: Packages, levels: Mapping[str, str]) -> Iterator[str]:
    """A note on each rule of packages that the settings speak of and that nobody defines."""
    for name in levels:
        if name.partition(".")[0] == FAMILY and name not in packages.names:
            yield f"the settings speak of {name}, which {packages.reference} does not define"


def _order(violation: Violation) -> tuple[str, int, int, int, str, str, str]:
    v = violation
    return (v.file, v.document, v.line, v.column, v.rule, v.path, v.message)
