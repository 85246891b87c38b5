"""JSON, and the schema that is published for it."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from jsonschema import Draft202012Validator

from policylib.models import Report
from policylib.report.json import write
from policylib.report.schema import schema
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

PUBLISHED = Path(__file__).parents[2] / "docs/schema/report.schema.json"


def test_every_promised_key_is_there() -> None:
    found = report(violation(), errors=[PROBLEM], skipped=[SKIPPED])
    written = json.loads(write(found, RULES))
    assert written["documents"] == 3
    assert written["engine"] == "regorus 0.14.1"
    assert written["revision"] == "sha256:1234"
    assert written["skipped"][0]["file"] == "compose.yaml"
    assert written["errors"][0] == {
        "file": "bad.yaml",
        "line": 2,
        "column": 5,
        "document": None,
        "message": "the key image is there twice",
    }
    assert written["violations"][0] == {
        "rule": "digest.image_pinned",
        "severity": "high",
        "enforcement": "deny",
        "message": "the image nginx:1.27 has no digest",
        "remediation": "Write the image as name:tag@sha256:<64 hex digits>.",
        "file": "app.yaml",
        "document": 0,
        "line": 3,
        "column": 12,
        "path": "/spec/containers/0/image",
        "resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web"},
        "details": {"path": "/spec/containers/0/image", "image": "nginx:1.27"},
        "exception": None,
    }


def test_every_use_of_an_exception_is_there_for_auditors() -> None:
    found = report(violation(**EXCEPTED), exceptions=[listed("used", 1), listed("expired")])
    written = json.loads(write(found, RULES))
    entry = {
        "rule": "digest.image_pinned",
        "target": {
            "kind": "Pod",
            "namespace": "shop",
            "name": "web",
            "image": "nginx:1.27",
            "path": None,
            "message": None,
        },
        "reason": "the vendor publishes no digest",
        "ticket": "OPS-1",
        "approver": "ada@example.com",
        "expires": "2098-12-31",
    }
    assert written["violations"][0]["enforcement"] == "excepted"
    assert written["violations"][0]["exception"] == entry
    assert written["exceptions"] == [
        {**entry, "state": "used", "violations": 1},
        {**entry, "state": "expired", "violations": 0},
    ]


def test_the_published_schema_is_fresh() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema(), "run: make generate"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema()))


@given(REPORTS)
def test_reports_match_the_schema_and_survive_the_way_back(found: Report) -> None:
    written = write(found, RULES)
    Draft202012Validator(json.loads(schema())).validate(json.loads(written))
    assert Report.model_validate_json(written) == found
