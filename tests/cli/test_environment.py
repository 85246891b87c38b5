"""Commands that write a policy for others to enforce know the environments of the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import rc

SETTINGS = "version: 1\nenforcement: {prod: {digest: warn}}\n"


@pytest.mark.parametrize(
    "command",
    [("bundle", "build", "--target", "opa"), ("gatekeeper",), ("webhook",), ("kyverno",)],
    ids=lambda command: command[0],
)
def test_an_environment_that_nobody_named_is_refused(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "own.yaml").write_text(SETTINGS)
    given = (*command, "--settings", "own.yaml", "--output", "out")
    done = rc(*given, "--env", "prdo", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "own.yaml: the settings name no environment 'prdo'" in done.err
    assert "did you mean prod?" in done.err
    assert not (tmp_path / "out").exists()
    assert rc(*given, "--env", "prod", cwd=tmp_path).code == 0
