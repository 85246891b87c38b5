"""`rc parity`: engines that agree, engines that differ, and what cannot be compared."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from pathlib import Path

from policylib.parity.programs import PROVEN
from tests.parity import programs

RC = Path(sysconfig.get_path("scripts")) / "rc"


def rc(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    folders = [str(program.parent) for program in programs.built().values()]
    usual = os.pathsep.join([*folders, os.environ["PATH"]])
    return subprocess.run(
        [RC, "parity", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": usual if path is None else path},
        check=False,
    )


def test_engines_that_agree(tmp_path: Path) -> None:
    output = tmp_path / "parity.json"
    done = rc(
        *("--no-fixtures", "--family", "digest", "--inputs", "60", "--seed", "5"),
        *("--format", "json", "--output", str(output), "--jobs", "1"),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    said = json.loads(output.read_text())
    assert said["agreed"] is True
    assert said["versions"] == {"regorus": said["versions"]["regorus"], **PROVEN}
    family = said["families"]["digest"]
    assert family["inputs"] == family["denied"] + family["allowed"] == 60
    assert family["compared"]["opa"] == 60
    for name in ("conftest", "gator"):
        assert family["compared"][name] + sum(family["unreadable"].get(name, {}).values()) == 60
    assert said["differences"] == []
    assert said["peak_memory_bytes"]["program"] > 0


def test_engines_that_differ(tmp_path: Path) -> None:
    fake = tmp_path / "opa"
    real = programs.built()["opa"]
    fake.write_text(f'#!/bin/sh\nexec {real} "$@" | sed "s/has no digest/has a digest/g"\n')
    fake.chmod(0o755)
    kept = tmp_path / "examples" / "parity"
    engine = ("--engine", "opa", "--opa", str(fake))
    arguments = (*engine, "--family", "digest", "--jobs", "1", "--patience", "4")
    done = rc(*arguments, "--no-fixtures", "--inputs", "300", "--keep", str(kept))
    assert done.returncode == 1
    assert "has no digest" in done.stdout
    assert "again: rc parity --seed 0 --family digest --batch 0 --engine opa" in done.stdout
    [file] = kept.iterdir()
    assert f"kept as {file}" in done.stdout
    again = ("--inputs", "0", "--fixtures", str(kept.parent))
    assert rc(*arguments, *again).returncode == 1
    assert rc("--engine", "opa", *again).returncode == 0


def test_a_program_that_is_missing_is_an_error(tmp_path: Path) -> None:
    done = rc(path=str(tmp_path))
    assert done.returncode == 2
    for name, version in PROVEN.items():
        assert f"{name}: there is no such program" in done.stderr
        assert f"install {name} {version}" in done.stderr


def test_what_is_no_number_is_refused() -> None:
    for wrong in ("x", "-1", "opa=", "pao=3"):
        done = rc(f"--inputs={wrong}")
        assert done.returncode == 2, wrong
        assert "error" in done.stderr


def test_settings_of_ones_own_are_judged_by(tmp_path: Path) -> None:
    settings = tmp_path / "policylib.yaml"
    settings.write_text("enforcement: {calm: {digest: warn}}\n", encoding="utf-8")
    done = rc(
        *("--settings", str(settings), "--env", "calm", "--engine", "opa", "--no-fixtures"),
        *("--family", "digest", "--inputs", "200", "--format", "json", "--jobs", "1"),
    )
    assert done.returncode == 0, done.stderr
    family = json.loads(done.stdout)["families"]["digest"]
    assert (family["denied"], family["warned"] > 20) == (0, True)


def test_an_environment_without_settings_is_an_error() -> None:
    done = rc("--env", "prod")
    assert done.returncode == 2
    assert "no environment is known" in done.stderr
