"""What packages say, in the report of policylib's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import policylib
from policylib import packages, rules
from policylib.inputs.interface import Source
from policylib.models import Report
from tests.packages import peers

REGO = """\
package main

import rego.v1

deny contains "own" if input.kind == "Pod"

warn contains "hint" if input.kind == "Pod"

deny_number contains "no" if to_number(input.metadata.name) > 1
"""
POD = b"apiVersion: v1\nkind: Pod\nmetadata: {name: '1'}\nspec: {containers: [{image: nginx}]}\n"


@pytest.fixture
def loaded(tmp_path: Path) -> packages.Packages:
    peers.written(tmp_path, {"policy/main.rego": REGO})
    return packages.load(tmp_path / "policy")


def joined(loaded: packages.Packages, text: bytes = POD, **settings: Any) -> Report:
    report = policylib.load().check(text, name="pod.yaml")
    sources = [Source("pod.yaml", text)]
    return packages.joined(report, loaded, sources, rules.load().modules, settings)


def test_violations_stand_in_one_order(loaded: packages.Packages) -> None:
    report = joined(loaded)
    assert [(v.line, v.rule, str(v.enforcement)) for v in report.violations] == [
        (1, "conftest.main.deny", "deny"),
        (1, "conftest.main.warn", "warn"),
        (4, "digest.image_pinned", "deny"),
    ]
    assert (report.documents, report.exit_code) == (1, 1)


def test_the_revision_tells_of_the_packages(loaded: packages.Packages) -> None:
    plain = policylib.load().check(POD, name="pod.yaml")
    assert joined(loaded).revision != plain.revision
    assert joined(loaded) == joined(loaded)


def test_what_gives_no_verdict_is_an_error(
    loaded: packages.Packages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    report = joined(loaded, POD.replace(b"'1'", b"web"))
    assert report.exit_code == 2
    assert ["the packages gave no verdict" in e.message for e in report.errors] == [True]


def test_enforcement_by_environment(loaded: packages.Packages) -> None:
    levels = {"dev": {"conftest": "warn", "conftest.nothing": "off", "digest": "off"}}
    report = joined(loaded, enforcement=levels, environment="dev")
    own = {v.message: str(v.enforcement) for v in report.violations if "conftest" in v.rule}
    assert own == {"own": "warn", "hint": "warn"}
    [note] = report.notes
    assert note.startswith("the settings speak of conftest.nothing, which ")
    strict = joined(loaded, enforcement=levels)
    assert [str(v.enforcement) for v in strict.violations] == ["deny", "warn", "deny"]


def test_an_exception_of_the_settings(loaded: packages.Packages) -> None:
    entry = {
        "rule": "conftest.main.deny",
        "target": {"kind": "Pod", "name": "1"},
        "reason": "r",
        "ticket": "t",
        "approver": "a",
        "expires": "2098-01-01",
    }
    report = joined(loaded, exceptions=[entry])
    assert [str(v.enforcement) for v in report.violations] == ["excepted", "warn", "deny"]
    assert report.violations[0].exception == entry
