"""JSON Lines, for log pipelines: an object a line, each with its `type`, and a summary last.

A stream without its last line was cut, and one whose summary counts more than it holds lost some.
Its schema is docs/schema/report-line.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from policylib.models import (
    ListedException,
    Model,
    Problem,
    Report,
    Rule,
    Skipped,
    Violation,
)
from policylib.report.interface import DEFAULTS, Options


class ViolationLine(Violation):
    """A violation, with the keys that it has in the JSON report."""

    type: Literal["violation"] = "violation"


class ErrorLine(Problem):
    """Something that could not be read or judged."""

    type: Literal["error"] = "error"


class SkippedLine(Skipped):
    """A document that no rule knows."""

    type: Literal["skipped"] = "skipped"


class ExceptionLine(ListedException):
    """An exception of the settings, and what became of it."""

    type: Literal["exception"] = "exception"


class NoteLine(Model):
    """What else a reader should know."""

    type: Literal["note"] = "note"
    message: str


class SummaryLine(Model):
    """The last line: what was checked, by what, and how many lines of each type stand before it.

    `violations` counts all of them and `denials` those that fail the check; `exit_code` is that of
    `rc check`.
    """

    type: Literal["summary"] = "summary"
    version: str
    engine: str
    revision: str
    environment: str | None
    files: int
    documents: int
    violations: int
    denials: int
    errors: int
    skipped: int
    exceptions: int
    notes: int
    unconfigured: tuple[str, ...]
    exit_code: int


Line = Annotated[
    ViolationLine | ErrorLine | SkippedLine | ExceptionLine | NoteLine | SummaryLine,
    Field(discriminator="type"),
]


def write(report: Report, _rules: Mapping[str, Rule], _options: Options = DEFAULTS) -> str:
    """Write ASCII lines, so that no reader sees a line break inside one."""
    return "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[dict[str, object]]:
    kinds: tuple[tuple[str, tuple[Model, ...]], ...] = (
        ("violation", report.violations),
        ("error", report.errors),
        ("skipped", report.skipped),
        ("exception", report.exceptions),
    )
    for name, found in kinds:
        for one in found:
            yield {"type": name, **one.model_dump(mode="json", by_alias=True)}
    for note in report.notes:
        yield {"type": "note", "message": note}
    yield _summary(report).model_dump(mode="json")


def _summary(report: Report) -> SummaryLine:
    return SummaryLine(
        version=report.version,
        engine=report.engine,
        revision=report.revision,
        environment=report.environment,
        files=report.files,
        documents=report.documents,
        violations=len(report.violations),
        denials=len(report.denials),
        errors=len(report.errors),
        skipped=len(report.skipped),
        exceptions=len(report.exceptions),
        notes=len(report.notes),
        unconfigured=report.unconfigured,
        exit_code=report.exit_code,
    )
