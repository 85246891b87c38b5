"""The rules as files: what OPA says of them, their size, and that the decision asks them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import tools

REGO = tools.ROOT / "rego"


def _run(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [tools.path(tool), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=tools.ROOT, check=False)


@pytest.mark.parametrize("command", [["check", "--strict"], ["fmt", "--fail", "--list"]])
def test_opa_finds_nothing_to_say(command: list[str]) -> None:
    done = _run("opa", *command, REGO)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_opa_builds_a_bundle(tmp_path: Path) -> None:
    done = _run("opa", "build", "--bundle", REGO, "--output", tmp_path / "bundle.tar.gz")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", sorted(REGO.rglob("*.rego")), ids=lambda path: path.stem)
def test_each_module_is_small_and_has_a_test_beside_it(module: Path) -> None:
    is_test = module.stem.endswith("_test")
    assert len(module.read_text(encoding="utf-8").splitlines()) <= (180 if is_test else 110)
    if not is_test:
        assert module.with_name(f"{module.stem}_test.rego").is_file()


def test_the_decision_asks_each_family() -> None:
    decision = (REGO / "policylib/decision/decision.rego").read_text(encoding="utf-8")
    families = {path.name for path in (REGO / "policylib").iterdir() if path.is_dir()}
    for family in families - {"lib", "decision", "entrypoints"}:
        assert f"data.policylib.{family}[rule].violation" in decision
