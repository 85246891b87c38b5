"""The plan's own snippets get the verdict that they deserve."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import policylib
from tests import tools

FOLDER = tools.ROOT / "fixtures" / "sprint34"
SNIPPETS = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))["snippets"]
MATRIX = {"pii": ["us-east-1"], "logs": ["us-west-2"]}


@pytest.fixture(scope="module")
def policy() -> policylib.Policy:
    return policylib.load(settings=FOLDER / "settings.yaml")


def test_every_snippet_is_listed() -> None:
    files = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()}
    assert files - {"expected.yaml", "settings.yaml"} == {one["file"] for one in SNIPPETS}


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[one["file"] for one in SNIPPETS])
def test_each_gets_its_verdict(policy: policylib.Policy, snippet: dict[str, Any]) -> None:
    path = FOLDER / snippet["file"]
    if path.suffix == ".rego":
        return  # asked below, by the engine that it was written for
    report = policy.check(path)
    assert bool(report.errors) is (snippet["verdict"] == "error")
    assert bool(report.documents) is (snippet["verdict"] in {"allow", "deny"})
    assert report.allowed is (snippet["verdict"] not in {"deny", "error"})
    assert sorted({violation.rule for violation in report.violations}) == snippet["rules"]
    assert snippet["why"]


def _eval(query: str, request: object, *options: str | Path) -> Any:
    command = [tools.path("opa"), "eval", "--format=json", "--stdin-input", *options, query]
    done = subprocess.run(
        command, input=json.dumps(request), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)["result"][0]["expressions"][0]["value"]


REQUESTS: list[tuple[Any, bool, bool]] = [
    # The request, whether the plan's rule lets it pass, and whether it should.
    ({"request": {"region": "us-east-1", "data_class": "pii"}}, True, True),
    ({"request": {"region": "us-west-2", "data_class": "logs"}}, True, True),
    ({"request": {"region": "eu-west-1", "data_class": "pii"}}, False, False),
    ({"request": {"region": "eu-west-1", "data_class": "PII"}}, True, False),
    ({"request": {"region": "eu-west-1", "data_class": "secrets"}}, True, False),
    ({"request": {"region": "eu-west-1"}}, True, False),
    ({"request": {"data_class": "pii"}}, True, False),
    ({"request": {}}, True, False),
    ({}, True, False),
]


def test_the_plans_residency_rule_does_not_compile() -> None:
    rule = FOLDER / "policy" / "rego" / "residency.rego"
    done = subprocess.run(
        [tools.path("opa"), "check", rule], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "rego_parse_error" in done.stderr


@pytest.mark.parametrize(("request_", "theirs", "ours"), REQUESTS)
def test_the_plans_residency_rule_lets_unknown_classes_pass(
    request_: Any, theirs: bool, ours: bool, tmp_path: Path
) -> None:
    rule = FOLDER / "policy" / "rego" / "residency.rego"
    denied = _eval("data.residency.deny", request_, "--v0-compatible", "-d", rule)
    assert (denied == []) is theirs
    settings = tmp_path / "settings" / "data.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"residency": {"allowed_regions": MATRIX}}))
    ours_denied = _eval(
        "data.residency.deny", request_, "--bundle", tools.ROOT / "rego", "--data", tmp_path
    )
    assert (ours_denied == []) is ours
