"""What packages say beside policylib's rules: its enforcement and exceptions hold for them too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import policylib
from policylib import exceptions, packages, rules
from policylib.engine.regorus import Progress, RegorusEngine
from policylib.inputs.interface import Source
from policylib.models import Violation
from policylib.packages import Judgement
from tests.packages import peers

REGO = """\
package main

import rego.v1

deny contains "own" if input.kind == "Pod"

warn contains "hint" if input.kind == "Pod"
"""
POD = b"apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n"
WHO = {"reason": "r", "ticket": "t", "approver": "a", "expires": "2098-01-01"}


@pytest.fixture
def loaded(tmp_path: Path) -> packages.Packages:
    peers.written(tmp_path, {"policy/main.rego": REGO})
    return packages.load(tmp_path / "policy")


def beside(loaded: packages.Packages, **settings: Any) -> Judgement:
    return loaded.beside([Source("pod.yaml", POD)], rules.load().modules, settings)


def levels(judgement: Judgement) -> dict[str, str]:
    return {one.message: str(one.enforcement) for one in judgement.violations}


def test_enforcement_is_that_of_the_environment(loaded: packages.Packages) -> None:
    said = {"dev": {"conftest": "log", "conftest.main.warn": "deny", "digest": "off"}}
    dev = beside(loaded, enforcement=said, environment="dev")
    assert levels(dev) == {"own": "log", "hint": "deny"}
    assert dev.notes == ()
    assert levels(beside(loaded, enforcement=said, environment="prod")) == levels(beside(loaded))
    assert levels(beside(loaded, enforcement=said)) == {"own": "deny", "hint": "warn"}


def test_what_the_settings_say_of_nothing_is_noted(loaded: packages.Packages) -> None:
    said = {"dev": {"conftest.main.dny": "off", "digest": "off"}}
    [note] = beside(loaded, enforcement=said, environment="dev").notes
    assert note.startswith("the settings speak of conftest.main.dny, which ")


@pytest.mark.parametrize(
    ("target", "covers"),
    [
        ({"kind": "Pod", "namespace": "shop", "name": "web"}, True),
        ({"kind": "Pod", "namespace": "shop", "name": "web", "message": "own", "path": ""}, True),
        ({"kind": "Pod", "namespace": "shop", "name": "web", "message": "other"}, False),
        ({"kind": "Pod", "namespace": "other", "name": "web"}, False),
        ({"kind": "Pod", "name": "web"}, False),
    ],
)
def test_exceptions_cover_what_packages_deny(
    target: dict[str, str], covers: bool, loaded: packages.Packages
) -> None:
    entry = {"rule": "conftest.main.deny", "target": target, **WHO}
    judgement = beside(loaded, exceptions=[entry])
    assert levels(judgement) == {"own": "excepted" if covers else "deny", "hint": "warn"}
    by = {one.message: one.exception for one in judgement.violations}
    assert (by["own"] is not None) == covers
    assert by["hint"] is None


def test_an_expired_exception_covers_nothing(loaded: packages.Packages) -> None:
    target = {"kind": "Pod", "namespace": "shop", "name": "web"}
    entry = {"rule": "conftest.main.deny", "target": target, **WHO, "expires": "2020-01-01"}
    assert levels(beside(loaded, exceptions=[entry]))["own"] == "deny"


def test_a_baseline_covers_what_it_was_made_of(loaded: packages.Packages) -> None:
    found: tuple[Violation, ...] = beside(loaded).violations
    entries, left = exceptions.baseline(found, **WHO)
    assert (len(entries), left) == (1, ())
    data = [entry.model_dump(exclude_none=True) for entry in entries]
    assert levels(beside(loaded, exceptions=data)) == {"own": "excepted", "hint": "warn"}


def test_a_file_that_goes_before_the_packages_read_it_is_a_problem(
    loaded: packages.Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pod.yaml"
    file.write_bytes(POD)
    check = RegorusEngine.check

    def checked(
        self: RegorusEngine,
        sources: Sequence[tuple[str, bytes | None]],
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        outcome = check(self, sources, progress)
        file.unlink()
        return outcome

    monkeypatch.setattr(RegorusEngine, "check", checked)
    report = replace(policylib.load(), packages=loaded).check(file)
    [error] = report.errors
    assert (error.file, report.documents, report.allowed) == (str(file), 1, False)
    assert error.message.startswith("the packages judge none of its documents")


def test_a_file_that_nobody_can_read_is_one_problem(
    loaded: packages.Packages, tmp_path: Path
) -> None:
    file = tmp_path / "pod.yaml"
    file.write_bytes(POD)
    policy = replace(policylib.load(), packages=loaded)
    found = policy.collect([file])
    file.unlink()
    [error] = policy.check_collection(found).errors
    assert error.message.startswith("cannot be read")
