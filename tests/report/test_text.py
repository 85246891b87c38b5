"""Text for people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.models import Enforcement, Report, Violation
from policylib.report import Options
from policylib.report.summary import remarks, summary
from policylib.report.text import write
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

FAILED = PROBLEM.model_copy(update={"document": 4})
POD = """\
kind: Pod
spec:
  - image: nginx:1.27  # soon
"""


def test_a_violation_shows_place_rule_message_line_resource_and_remedy() -> None:
    found = report(violation(file="app.yaml", line=3, column=12))
    assert write(found, RULES, Options(texts={"app.yaml": POD})) == (
        "app.yaml:3:12: deny[digest.image_pinned]: the image nginx:1.27 has no digest\n"
        "  3 |   - image: nginx:1.27  # soon\n"
        "    |            ^^^^^^^^^^\n"
        "  in: Pod shop/web\n"
        "  help: Write the image as name:tag@sha256:<64 hex digits>.\n"
        "\n"
        "Checked 3 documents in 2 files: 1 violation (1 denied), 0 errors (2 passed).\n"
    )


def test_a_clean_report_is_one_line() -> None:
    assert (
        write(report(), RULES)
        == "Checked 3 documents in 2 files: 0 violations, 0 errors (3 passed).\n"
    )


@pytest.mark.parametrize(
    ("violations", "others", "passed"),
    [
        ((), {}, 3),
        ((violation(),), {}, 2),
        ((violation(), violation(line=9)), {}, 2),
        ((violation(document=1),), {"errors": [PROBLEM]}, 2),
        # What failed was not judged and is none of the documents, so it cannot pass either.
        ((violation(file=PROBLEM.file, document=4),), {"errors": [FAILED]}, 3),
        ((), {"errors": [FAILED]}, 3),
        # Nor is what only packages judge.
        ((violation(file=SKIPPED.file, document=1),), {"skipped": [SKIPPED]}, 3),
        ((violation(file=SKIPPED.file, document=0),), {"skipped": [SKIPPED]}, 2),
    ],
)
def test_what_passed_was_judged_and_not_denied(
    violations: tuple[Violation, ...], others: dict[str, Any], passed: int
) -> None:
    assert f"({passed} passed" in summary(report(*violations, **others))


def test_without_a_summary_a_clean_report_is_silent() -> None:
    assert write(report(), RULES, Options(summary=False)) == ""


def test_what_only_warns_passes_and_is_named_so() -> None:
    found = report(violation(enforcement=Enforcement.WARN), violation(enforcement=Enforcement.LOG))
    text = write(found, RULES)
    assert "warn[digest.image_pinned]" in text
    assert "log[digest.image_pinned]" in text
    assert "2 violations (1 warned, 1 logged), 0 errors (3 passed)." in text


def test_what_an_exception_covers_is_a_line_and_passes() -> None:
    found = report(violation(), violation(**EXCEPTED, line=9))
    text = write(found, RULES)
    first, blank, second, *_ = text.splitlines()
    assert first == (
        "app.yaml:9:12: excepted[digest.image_pinned]: the image nginx:1.27 has no digest "
        "(until 2098-12-31, OPS-1, approved by ada@example.com)"
    )
    assert blank == ""
    assert second.startswith("app.yaml:3:12: deny[digest.image_pinned]: ")
    assert "2 violations (1 denied, 1 excepted), 0 errors (2 passed)." in text
    assert report(violation(**EXCEPTED)).allowed


def test_what_was_not_asked_and_what_is_of_no_use_is_said_once() -> None:
    states = [listed("used", 2), listed("unused"), listed("expired"), listed("expired")]
    found = report(unconfigured=["residency", "tier"], exceptions=states)
    assert write(found, RULES).splitlines()[1:] == [
        "Not configured: residency, tier (`rc settings init` shows how).",
        "Of 4 exceptions: 1 unused here, 2 expired (`rc exceptions list` names them).",
    ]
    assert write(found, RULES, Options(summary=False)) == ""
    verbose = write(found, RULES, Options(verbose=True))
    assert verbose.startswith(
        "unused: exception[digest.image_pinned]: Pod shop/web, nginx:1.27 "
        "(until 2098-12-31, OPS-1, approved by ada@example.com)\nexpired: "
    )


def test_notes_come_first_even_without_a_summary() -> None:
    found = report(notes=["policylib.yaml does not count"])
    text = write(found, RULES, Options(summary=False))
    assert text == "note: policylib.yaml does not count\n"


def test_errors_have_their_place() -> None:
    text = write(report(errors=[PROBLEM]), RULES)
    assert "bad.yaml:2:5: error: the key image is there twice\n" in text
    assert "1 error (" in text


def test_skipped_documents_are_counted_and_listed_when_verbose() -> None:
    found = report(skipped=[SKIPPED])
    listed = "compose.yaml (document 1): skipped: neither apiVersion nor kind\n"
    assert listed not in write(found, RULES)
    assert "1 skipped" in write(found, RULES)
    assert listed in write(found, RULES, Options(verbose=True))


@pytest.mark.parametrize(
    ("line", "column", "shown", "carets"),
    [
        ("image: 'a b'  # c", 8, "image: 'a b'  # c", "       ^^^^^"),
        ('{"image": "a:1", "b": 1}', 11, '{"image": "a:1", "b": 1}', "          ^^^^^"),
        ("{image: a:1}", 9, "{image: a:1}", "        ^^^"),
        ("\timage: a:1", 9, " image: a:1", "        ^^^"),
        ("名: a:1", 4, "名: a:1", "    ^^^"),
        (
            "image: {{ .a }}:{{ .b }} # c",
            8,
            "image: {{ .a }}:{{ .b }} # c",
            "       ^^^^^^^^^^^^^^^^^",
        ),
        ("containers:", 1, "containers:", "^^^^^^^^^^"),
        ("a: \x1b[31m", 4, r"a: \x1b[31m", "   ^^^^^^^^"),
        ("x" * 300 + " " + "y" * 300, 302, None, " " * 41 + "^" * 120),
    ],
)
def test_carets_stand_under_the_value(
    line: str, column: int, shown: str | None, carets: str
) -> None:
    found = report(violation(line=1, column=column))
    rows = write(found, RULES, Options(texts={"app.yaml": line})).splitlines()
    if shown is not None:
        assert rows[1] == f"  1 | {shown}"
    assert rows[2] == f"    | {carets}"


@pytest.mark.parametrize("file", ["gone.yaml", ".", "/dev/zero", "x" * 5000, "a\0b"])
def test_no_line_is_shown_of_what_cannot_be_read(file: str) -> None:
    assert " | " not in write(report(violation(file=file)), RULES)


@pytest.mark.parametrize(("line", "column"), [(99, 1), (3, 99), (4, 1)])
def test_no_line_is_shown_when_the_place_is_not_in_the_file(
    tmp_path: Path, line: int, column: int
) -> None:
    file = tmp_path / "app.yaml"
    file.write_text(POD)
    assert " | " not in write(report(violation(file=str(file), line=line, column=column)), RULES)


@given(REPORTS, st.booleans(), st.booleans(), st.text(max_size=20))
def test_hostile_text_never_reaches_a_terminal_raw(
    found: Report, color: bool, verbose: bool, content: str
) -> None:
    texts = {v.file: "\n" * (v.line % 50) + content for v in found.violations}
    text = write(found, RULES, Options(color=color, verbose=verbose, texts=texts))
    if color:
        text = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert all(char.isprintable() for char in text.replace("\n", ""))
    assert text.endswith("\n")


@given(REPORTS)
def test_hostile_text_adds_no_lines(found: Report) -> None:
    rows = write(found, RULES, Options(verbose=True)).splitlines()
    excepted = [v for v in found.violations if v.enforcement is Enforcement.EXCEPTED]
    others = [v for v in found.violations if v not in excepted]
    idle = [one for one in found.exceptions if one.state != "used"]
    lists = (found.notes, idle, excepted, found.skipped)
    blocks = sum(map(bool, lists)) + len(others) + len(found.errors)  # and the summary
    lines = sum(map(len, lists)) + len(found.errors) + len(remarks(found)) + 1
    lines += sum(1 + bool(str(v.resource)) + bool(v.remediation) for v in others)
    assert len(rows) == lines + blocks


def test_no_line_is_shown_of_what_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "chart.tgz"
    file.write_bytes(b"\x1f\x8b\x08\x00\xff")
    assert " | " not in write(report(violation(file=str(file), line=1, column=1)), RULES)
