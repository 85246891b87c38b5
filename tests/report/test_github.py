"""GitHub's workflow commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given

from policylib.models import Enforcement, Report
from policylib.report import Options
from policylib.report.github import write
from tests.report.samples import EXCEPTED, PROBLEM, REPORTS, RULES, report, violation


def test_a_violation_is_an_annotation_at_its_line() -> None:
    assert write(report(violation()), RULES).splitlines()[0] == (
        "::error file=app.yaml,line=3,col=12,title=digest.image_pinned::"
        "the image nginx:1.27 has no digest%0APod shop/web%0A"
        "Write the image as name:tag@sha256:<64 hex digits>."
    )


@pytest.mark.parametrize(
    ("enforcement", "command"),
    [(Enforcement.DENY, "error"), (Enforcement.WARN, "warning"), (Enforcement.LOG, "notice")],
)
def test_the_command_says_what_the_violation_does(enforcement: Enforcement, command: str) -> None:
    text = write(report(violation(enforcement=enforcement)), RULES)
    assert text.startswith(f"::{command} ")


def test_what_an_exception_covers_is_a_notice_that_says_so() -> None:
    text = write(report(violation(**EXCEPTED)), RULES).splitlines()[0]
    assert text == (
        "::notice file=app.yaml,line=3,col=12,title=digest.image_pinned::"
        "the image nginx:1.27 has no digest%0APod shop/web%0A"
        "excepted until 2098-12-31, OPS-1, approved by ada@example.com"
    )


def test_notes_are_warnings() -> None:
    text = write(report(notes=["it does not count"]), RULES)
    assert text.startswith("::warning title=note::it does not count\n")


def test_errors_are_annotations_and_the_summary_comes_last() -> None:
    first, last = write(report(errors=[PROBLEM]), RULES).splitlines()
    assert first.startswith("::error file=bad.yaml,line=2,col=5,title=cannot be checked::")
    assert last == "Checked 3 documents in 2 files: 0 violations, 1 error (3 passed)."


def test_files_are_relative_to_the_repository(tmp_path: Path) -> None:
    found = report(violation(file=str(tmp_path / "a,b:c%.yaml")))
    text = write(found, RULES, Options(root=tmp_path))
    assert text.startswith("::error file=a%2Cb%3Ac%25.yaml,line=3,")


@given(REPORTS)
def test_hostile_text_stays_inside_its_command(found: Report) -> None:
    text = write(found, RULES, Options(summary=False))
    rows = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    assert rows.pop() == ""
    assert len(rows) == len(found.notes) + len(found.violations) + len(found.errors)
    for row in rows:
        assert row.isprintable()
        properties = re.fullmatch(r"::(?:error|warning|notice) ([^:]*)::(.*)", row)
        assert properties is not None
        keys = [item.partition("=")[0] for item in properties[1].split(",")]
        assert keys in (["file", "line", "col", "title"], ["title"])
        assert not re.search(r"%(?!25|0D|0A|3A|2C)", row)
