"""JSON Lines, and the schema that is published for a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from policylib.models import Report
from policylib.report import json as whole
from policylib.report.json_lines import write
from policylib.report.schema import line_schema
from tests.report.samples import (
    EXCEPTED,
    PROBLEM,
    REPORTS,
    RULES,
    SKIPPED,
    listed,
    report,
    violation,
)

PUBLISHED = Path(__file__).parents[2] / "docs/schema/report-line.schema.json"
LINE = Draft202012Validator(json.loads(line_schema()))
KEYS = {
    "violation": "violations",
    "error": "errors",
    "skipped": "skipped",
    "exception": "exceptions",
}


def read(found: Report) -> list[dict[str, Any]]:
    text = write(found, RULES)
    assert text.isascii()
    assert text.endswith("\n")
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        LINE.validate(line)
    return lines


@given(REPORTS)
def test_the_lines_are_what_the_json_report_holds(found: Report) -> None:
    *lines, last = read(found)
    expected = json.loads(whole.write(found, RULES))
    for name, key in KEYS.items():
        own = [line for line in lines if line["type"] == name]
        assert own == [{"type": name, **one} for one in expected[key]]
        assert last[key] == len(own)
    notes = [line["message"] for line in lines if line["type"] == "note"]
    assert (notes, last["notes"]) == (expected["notes"], len(notes))
    assert (last["denials"], last["exit_code"]) == (len(found.denials), found.exit_code)
    for key in ("version", "engine", "revision", "environment", "files", "documents"):
        assert last[key] == expected[key]
    assert last["unconfigured"] == expected["unconfigured"]


@given(REPORTS)
def test_only_the_last_line_is_a_summary(found: Report) -> None:
    types = [line["type"] for line in read(found)]
    assert types.index("summary") == len(types) - 1


def test_a_line_begins_with_its_type() -> None:
    found = report(
        violation(**EXCEPTED),
        errors=[PROBLEM],
        skipped=[SKIPPED],
        notes=["it does not count"],
        exceptions=[listed("used", 1)],
    )
    started = [line.partition(",")[0] for line in write(found, RULES).splitlines()]
    names = ("violation", "error", "skipped", "exception", "note", "summary")
    assert started == [f'{{"type":"{name}"' for name in names]


def test_the_published_schema_is_fresh() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == line_schema(), "run: make generate"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(line_schema()))


@pytest.mark.parametrize(
    "line", [{}, {"type": "other"}, {"type": "note"}, {"type": "note", "message": "", "x": 1}]
)
def test_the_schema_refuses_other_lines(line: dict[str, Any]) -> None:
    assert not LINE.is_valid(line)


def test_ten_thousand_violations_are_all_there() -> None:
    found = report(*(violation(line=n + 1) for n in range(10_000)))
    *lines, last = map(json.loads, write(found, RULES).splitlines())
    assert [line["line"] for line in lines] == [*range(1, 10_001)]
    assert last["violations"] == 10_000
