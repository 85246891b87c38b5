"""SARIF, against the official schema."""

from __future__ import annotations

import functools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft4Validator

from policylib.models import Enforcement, Report
from policylib.report import Options
from policylib.report.interface import DEFAULTS
from policylib.report.sarif import SCHEMA, write
from tests.report.samples import EXCEPTED, PROBLEM, REPORTS, RULES, listed, report, violation


@functools.cache
def validator() -> Draft4Validator:
    """The schema travels, as one literal, in the Go module that sarif_schema/ pins."""
    done = subprocess.run(
        ["go", "mod", "download", "-json"],
        cwd=Path(__file__).parent / "sarif_schema",
        capture_output=True,
        text=True,
        check=True,
    )
    source = Path(json.loads(done.stdout)["Dir"]) / "pkg/report/v210/sarif/schema.go"
    schema = json.loads(source.read_text(encoding="utf-8").split("`")[1])
    assert schema["id"] == SCHEMA
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def run(found: Report, options: Options = DEFAULTS) -> dict[str, Any]:
    log = json.loads(write(found, RULES, options))
    validator().validate(log)
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


@given(REPORTS)
def test_any_report_is_valid(found: Report) -> None:
    results = run(found)["results"]
    assert [r["ruleId"] for r in results] == [v.rule for v in found.violations]


@given(REPORTS)
def test_links_are_uri_references(found: Report) -> None:
    for result in run(found)["results"]:
        link = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(file://)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", link)
        assert ":" not in link.removeprefix("file://")


def test_rules_keep_their_ids_and_results_point_at_them() -> None:
    written = run(report(violation(), violation(rule="other.rule")))
    (rule,) = written["tool"]["driver"]["rules"]
    assert rule["id"] == "digest.image_pinned"
    assert rule["helpUri"] == "https://slsa.dev/"
    known, other = written["results"]
    assert (known["ruleId"], known["ruleIndex"]) == ("digest.image_pinned", 0)
    assert "ruleIndex" not in other


@pytest.mark.parametrize(
    ("enforcement", "level"),
    [
        (Enforcement.DENY, "error"),
        (Enforcement.WARN, "warning"),
        (Enforcement.LOG, "note"),
        (Enforcement.EXCEPTED, "note"),
    ],
)
def test_the_level_says_what_the_violation_does(enforcement: Enforcement, level: str) -> None:
    (result,) = run(report(violation(enforcement=enforcement)))["results"]
    assert result["level"] == level


def test_what_an_exception_covers_is_suppressed_on_somebodys_word() -> None:
    (result,) = run(report(violation(**EXCEPTED)))["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == (
        "the vendor publishes no digest (until 2098-12-31, OPS-1, approved by ada@example.com)"
    )
    assert suppression["properties"]["target"]["name"] == "web"
    (denied,) = run(report(violation()))["results"]
    assert "suppressions" not in denied


def test_notes_and_exceptions_of_no_use_are_notifications_about_the_configuration() -> None:
    found = report(notes=["it does not count"], exceptions=[listed("used", 1), listed("unused")])
    (invocation,) = run(found)["invocations"]
    note, unused = invocation["toolConfigurationNotifications"]
    assert (note["level"], note["message"]["text"]) == ("warning", "it does not count")
    assert unused["message"]["text"].startswith("unused exception from digest.image_pinned for Pod")


def test_errors_are_notifications_of_a_failed_execution() -> None:
    (invocation,) = run(report(errors=[PROBLEM]))["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "the key image is there twice"


def test_a_fingerprint_survives_lines_added_above_but_not_another_place() -> None:
    def fingerprints(*changes: dict[str, Any]) -> list[str]:
        results = run(report(*(violation(**change) for change in changes)))["results"]
        return [result["partialFingerprints"]["policylib/v1"] for result in results]

    (first,) = fingerprints({"line": 3})
    assert fingerprints({"line": 9}) == [first]
    assert fingerprints({"path": "/spec/containers/1/image"}) != [first]
    assert fingerprints({"file": "b.yaml"}) != [first]
    twice = fingerprints({"document": 0}, {"document": 1})
    assert len(set(twice)) == 2


@pytest.mark.parametrize(
    ("file", "link"),
    [
        ("{root}/a b/ü.yaml", "a%20b/%C3%BC.yaml"),
        ("{root}/c:d.yaml", "c%3Ad.yaml"),
        ("/elsewhere/x.yaml", "file:///elsewhere/x.yaml"),
    ],
)
def test_links_are_relative_to_the_root(tmp_path: Path, file: str, link: str) -> None:
    found = report(violation(file=file.format(root=tmp_path)))
    (result,) = run(found, Options(root=tmp_path))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == link
    assert ("uriBaseId" in location) is not link.startswith("file:")
