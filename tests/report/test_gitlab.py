"""GitLab's Code Quality report, by the keys that GitLab reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from policylib.models import Enforcement, Report, Severity
from policylib.report import Options
from policylib.report.gitlab import write
from policylib.report.interface import DEFAULTS
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

# What GitLab's documentation asks of an issue; it ignores other keys.
ISSUES = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string"},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "minLength": 1, "not": {"pattern": "^[.]/"}},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    }
)


def read(found: Report, options: Options = DEFAULTS) -> list[dict[str, Any]]:
    issues = json.loads(write(found, RULES, options))
    ISSUES.validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert issue["description"].isprintable()
    return list(issues)


@given(REPORTS)
def test_any_report_is_valid_and_loses_nothing(found: Report) -> None:
    issues = read(found, Options(verbose=True))
    names = [issue["check_name"] for issue in issues]
    idle = [one for one in found.exceptions if one.state != "used"]
    assert names.count("policylib.error") == len(found.errors)
    assert names.count("policylib.skipped") == len(found.skipped)
    assert names.count("policylib.note") == len(found.notes)
    assert names.count("policylib.exception") == len(idle)
    others = len(found.errors) + len(found.skipped) + len(found.notes) + len(idle)
    assert len(issues) == others + len(found.violations)


def test_a_violation_is_an_issue_at_its_line() -> None:
    (issue,) = read(report(violation()))
    assert issue["check_name"] == "digest.image_pinned"
    assert issue["location"] == {"path": "app.yaml", "lines": {"begin": 3}}
    assert issue["description"] == (
        "Pod shop/web: the image nginx:1.27 has no digest. "
        "Write the image as name:tag@sha256:<64 hex digits>."
    )


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        (Severity.LOW, "minor"),
        (Severity.MEDIUM, "major"),
        (Severity.HIGH, "critical"),
        (Severity.CRITICAL, "blocker"),
    ],
)
def test_what_is_denied_weighs_as_its_rule_says(severity: Severity, said: str) -> None:
    (issue,) = read(report(violation(severity=severity)))
    assert issue["severity"] == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"enforcement": Enforcement.WARN}, "minor"),
        ({"enforcement": Enforcement.LOG}, "info"),
        (EXCEPTED, "info"),
    ],
)
def test_what_fails_no_check_weighs_little(changes: dict[str, Any], said: str) -> None:
    (issue,) = read(report(violation(severity=Severity.CRITICAL, **changes)))
    assert issue["severity"] == said


def test_what_an_exception_covers_says_so_instead_of_what_to_do() -> None:
    (issue,) = read(report(violation(**EXCEPTED)))
    assert issue["description"].endswith(
        ". excepted until 2098-12-31, OPS-1, approved by ada@example.com"
    )


def test_errors_are_blockers_and_come_first() -> None:
    error, _ = read(report(violation(), errors=[PROBLEM]))
    assert (error["check_name"], error["severity"]) == ("policylib.error", "blocker")
    assert error["location"] == {"path": "bad.yaml", "lines": {"begin": 2}}


def test_what_has_no_file_is_of_the_repository() -> None:
    exceptions = [listed("used", 1), listed("unused"), listed("expired")]
    issues = read(report(notes=["it does not count"], exceptions=exceptions))
    assert [issue["location"]["path"] for issue in issues] == ["."] * 3
    assert {issue["severity"] for issue in issues} == {"info"}


def test_what_was_skipped_is_only_there_for_who_asks() -> None:
    found = report(skipped=[SKIPPED])
    assert read(found) == []
    (issue,) = read(found, Options(verbose=True))
    assert issue["location"]["path"] == "compose.yaml"


def test_files_are_relative_to_the_repository(tmp_path: Path) -> None:
    found = report(violation(file=str(tmp_path / "a b/ü.yaml")))
    (issue,) = read(found, Options(root=tmp_path))
    assert issue["location"]["path"] == "a b/ü.yaml"


def test_a_fingerprint_survives_moved_lines_but_no_other_place() -> None:
    def prints(*changes: dict[str, Any]) -> list[str]:
        return [one["fingerprint"] for one in read(report(*(violation(**c) for c in changes)))]

    (first,) = prints({"line": 3})
    assert prints({"line": 9, "document": 2}) == [first]
    assert prints({"path": "/spec/containers/1/image"}) != [first]
    assert prints({"file": "b.yaml"}) != [first]
    assert prints({"rule": "other.rule"}) != [first]
    assert prints({}, {})[0] == first


def test_an_error_keeps_its_fingerprint_too() -> None:
    (first,) = read(report(errors=[PROBLEM]))
    moved = PROBLEM.model_copy(update={"line": 7})
    (second,) = read(report(violation(), errors=[moved]))[:1]
    assert first["fingerprint"] == second["fingerprint"]


def test_ten_thousand_violations_are_all_there() -> None:
    found = report(*(violation(line=n + 1) for n in range(10_000)))
    issues = json.loads(write(found, RULES))
    assert [issue["location"]["lines"]["begin"] for issue in issues] == [*range(1, 10_001)]
    assert len({issue["fingerprint"] for issue in issues}) == 10_000
