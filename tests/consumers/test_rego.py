"""The rules' own tests, run by conftest's OPA; `make test-rego` has OPA itself run them."""

from __future__ import annotations

import subprocess

from tests import tools


def test_opa_of_conftest_passes_every_test() -> None:
    command = [str(tools.path("conftest")), "verify", "--policy", str(tools.ROOT / "rego")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
