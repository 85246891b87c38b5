"""`rc check --policy`: a team's own conftest packages beside ours."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import tools
from tests.cli.program import PINNED, Done, pod, rc
from tests.packages import registry

REGO = """\
package main

import rego.v1

deny_latest contains {"msg": msg, "path": sprintf("/spec/containers/%d/image", [i])} if {
	some i, c in input.spec.containers
	endswith(c.image, ":latest")
	msg := sprintf("%s is the latest", [c.image])
}

warn contains "no team" if not input.metadata.labels.team
"""
SERVICES = 'package compose\n\nimport rego.v1\n\ndeny contains "no" if input.services\n'


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A team's packages in policy/, and manifests in m/."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "main.rego").write_text(REGO)
    (tmp_path / "policy" / "compose.rego").write_text(SERVICES)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "pod.yaml").write_text(pod("nginx:latest"))
    (tmp_path / "m" / "good.yaml").write_text(pod(PINNED))
    (tmp_path / "m" / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    return tmp_path


def report(done: Done) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def test_both_speak_in_one_report(team: Path) -> None:
    done = rc("check", "m", "--policy", "policy", cwd=team)
    assert done.code == 1
    place = "m/pod.yaml:7:14"
    assert f"{place}: deny[conftest.main.deny_latest]: nginx:latest is the latest" in done.out
    assert f"{place}: deny[digest.image_pinned]" in done.out
    assert "m/good.yaml:1:1: warn[conftest.main.warn]: no team" in done.out


def test_a_note_says_what_is_not_asked(team: Path) -> None:
    notes = report(rc("check", "m", "--policy", "policy", "-f", "json", cwd=team))["notes"]
    assert notes == ["policy: policy/compose.rego: deny of compose is not asked"]


def test_what_no_rule_of_ours_knows_is_judged_too(team: Path) -> None:
    option = ("--policy", "policy", "--policy-namespace", "compose")
    done = rc("check", "m/compose.yaml", *option, cwd=team)
    assert done.code == 1
    assert "deny[conftest.compose.deny]: no" in done.out


def test_what_only_they_judge_is_not_counted_as_passed_or_not(team: Path) -> None:
    option = ("--policy", "policy", "--policy-namespace", "compose")
    done = rc("check", "m/good.yaml", "m/compose.yaml", *option, cwd=team)
    assert "Checked 1 document in 2 files: 1 violation (1 denied), " in done.out
    assert "(1 passed, 1 skipped)" in done.out


@pytest.mark.parametrize("option", [("--policy-namespace", "compose"), ("--policy-data", "m")])
def test_what_is_said_of_packages_needs_packages(team: Path, option: tuple[str, str]) -> None:
    done = rc("check", "m/good.yaml", *option, cwd=team)
    assert (done.code, done.out) == (2, "")
    assert "say more about --policy, which is not there" in done.err


def test_data_is_named(team: Path) -> None:
    rule = "package main\n\nimport rego.v1\n\ndeny contains data.words.no if input.kind\n"
    (team / "policy" / "main.rego").write_text(rule)
    (team / "data" / "words").mkdir(parents=True)
    (team / "data" / "words" / "w.yaml").write_text("'no': not this\n")
    missing = rc("check", "m", "--policy", "policy", cwd=team)
    assert (missing.code, missing.out) == (2, "")
    assert "data.words.no is read, and nothing defines it" in missing.err
    done = rc("check", "m", "--policy", "policy", "--policy-data", "data", cwd=team)
    assert "deny[conftest.main.deny]: not this" in done.out


def test_settings_hold_for_them_too(team: Path) -> None:
    (team / "policylib.settings.yaml").write_text(
        "version: 1\nenforcement: {dev: {conftest: log, conftest.main.warn: deny, digest: 'off'}}\n"
    )
    option = ("--policy", "policy", "--settings", "policylib.settings.yaml", "--env", "dev")
    done = rc("check", "m", *option, cwd=team)
    assert done.code == 1
    assert "log[conftest.main.deny_latest]" in done.out
    assert "deny[conftest.main.warn]" in done.out
    without = rc("check", "m", *option[2:], cwd=team)
    assert without.code == 0, "settings may speak of packages that this run does not ask"


def test_standard_input_and_pipes(team: Path) -> None:
    text = pod("nginx:latest").encode()
    done = rc("check", "-", "--policy", "policy", cwd=team, stdin=text)
    assert "conftest.main.deny_latest" in done.out
    os.mkfifo(team / "pipe.yaml")
    writer = subprocess.Popen(["sh", "-c", "cat m/pod.yaml > pipe.yaml"], cwd=team)
    done = rc("check", "pipe.yaml", "--policy", "policy", cwd=team)
    writer.wait(timeout=10)
    assert "conftest.main.deny_latest" in done.out
    assert "digest.image_pinned" in done.out


def test_opa_is_asked_where_it_has_to(team: Path) -> None:
    rule = "\ndeny_hash contains crypto.sha256(input.kind) if input.kind\n"
    (team / "policy" / "main.rego").write_text(REGO + rule)
    path = f"{tools.path('opa').parent}{os.pathsep}{os.environ['PATH']}"
    done = rc("check", "m", "--policy", "policy", "-f", "json", cwd=team, PATH=path)
    assert done.code == 1
    [note] = [note for note in report(done)["notes"] if "judged by OPA" in note]
    assert "since regorus has no crypto.sha256 (policy/main.rego:13)" in note
    without = rc("check", "m", "--policy", "policy", cwd=team, PATH=str(team))
    assert without.code == 2
    assert "only OPA can judge these packages" in without.err


def test_packages_that_are_not_there(team: Path) -> None:
    for reference, complaint in (
        ("nothing", "there is no such folder"),
        ("m", "there is no Rego here"),
        ("oci://", "no reference to an artifact"),
        ("oci://127.0.0.1:1/a/b:v1", "the registry does not answer"),
    ):
        done = rc("check", "m", "--policy", reference, cwd=team)
        assert (done.code, done.out) == (2, ""), reference
        assert complaint in done.err


def test_packages_out_of_a_registry(team: Path) -> None:
    with registry.serving() as host:
        reference = f"oci://{host}/team/policy:v1"
        command = [str(tools.path("conftest")), "push", reference.removeprefix("oci://")]
        subprocess.run(command, cwd=team, capture_output=True, check=True)
        said = report(rc("check", "m", "--policy", reference, "-f", "json", cwd=team))
    found = {violation["rule"] for violation in said["violations"]}
    assert {"conftest.main.deny_latest", "conftest.main.warn", "digest.image_pinned"} <= found
    assert any("this tag is sha256:" in note for note in said["notes"])
