"""JUnit, read back by a library that others use to read it."""

from __future__ import annotations

import junitparser
import pytest
from hypothesis import given

from policylib.models import Enforcement, Report
from policylib.report.junit import write
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


def read(found: Report) -> junitparser.JUnitXml:
    return junitparser.JUnitXml.fromstring(write(found, RULES).encode())


def test_a_rule_that_held_is_a_passing_case() -> None:
    written = read(report())
    assert (written.tests, written.failures, written.errors) == (1, 0, 0)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (report(unconfigured=["digest"]), "not asked: the settings have no section"),
        (report(documents=0), "not asked: no document was judged"),
    ],
)
def test_a_rule_that_was_not_asked_is_skipped_and_does_not_pass(found: Report, reason: str) -> None:
    written = read(found)
    assert (written.tests, written.skipped) == (1, 1)
    ((case,),) = written
    assert case.result[0].message == reason


def test_a_denied_violation_is_a_failure() -> None:
    written = read(report(violation(), violation(enforcement=Enforcement.WARN)))
    assert (written.tests, written.failures, written.errors) == (2, 1, 0)
    (suite,) = written
    denied, warned = suite
    assert suite.name == denied.classname == "digest.image_pinned"
    assert denied.result[0].message == "the image nginx:1.27 has no digest"
    assert "Write the image as" in denied.result[0].text
    assert warned.system_out.startswith("warn: app.yaml:3:12: ")


def test_errors_and_skipped_documents_are_cases_too() -> None:
    written = read(report(errors=[PROBLEM], skipped=[SKIPPED]))
    assert (written.tests, written.errors, written.skipped) == (3, 1, 1)


def test_what_an_exception_covers_is_skipped_and_says_why() -> None:
    written = read(report(violation(**EXCEPTED)))
    assert (written.tests, written.failures, written.skipped) == (1, 0, 1)
    ((case,),) = written
    message = "excepted until 2098-12-31, OPS-1, approved by ada@example.com"
    assert case.result[0].message == message


def test_exceptions_of_no_use_and_notes_are_cases_that_pass() -> None:
    exceptions = [listed("used", 1), listed("unused"), listed("expired")]
    written = read(report(exceptions=exceptions, notes=["it does not count"]))
    assert (written.tests, written.failures, written.skipped) == (4, 0, 0)
    names = [suite.name for suite in written]
    assert names == ["digest.image_pinned", "exceptions", "notes"]


@given(REPORTS)
def test_any_report_is_well_formed_and_counts_right(found: Report) -> None:
    written = read(found)
    assert written.failures == len(found.denials)
    assert written.errors == len(found.errors)
    unasked = not found.documents or "digest" in found.unconfigured
    silent = all(v.rule not in RULES for v in found.violations)
    assert written.skipped == len(found.skipped) + (unasked and silent) + sum(
        v.exception is not None for v in found.violations
    )
    assert sum(len(suite) for suite in written) == written.tests
