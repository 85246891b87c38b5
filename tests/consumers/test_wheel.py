"""policylib as others install it: a wheel, far from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNPINNED = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: nginx}]}\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds policylib out of a wheel, and nothing else."""
    dist = tmp_path_factory.mktemp("dist")
    target = tmp_path_factory.mktemp("site")
    maturin = shutil.which("maturin", path=str(Path(sys.executable).parent))
    assert maturin, "maturin is a development dependency"
    subprocess.run([maturin, "build", "--release", "--locked", "--out", dist], cwd=ROOT, check=True)
    [wheel] = dist.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", target, wheel], check=True)
    return target


def run(installed: Path, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_rules_travel_in_it(installed: Path, tmp_path: Path) -> None:
    names = "r.__file__, r.root(), len(r.load().rules)"
    script = f"import policylib.rules as r; print({names}, sep=chr(10))"
    done = run(installed, "-c", script, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    module, root, count = done.stdout.split("\n")[:3]
    assert module.startswith(str(installed))
    assert root.startswith(str(installed))
    assert int(count) >= 2


def test_its_rules_are_those_of_the_checkout(installed: Path) -> None:
    def modules(folder: Path) -> dict[str, str]:
        return {
            path.relative_to(folder).as_posix(): path.read_text()
            for path in folder.rglob("*.rego")
            if not path.name.endswith("_test.rego")
        }

    assert modules(installed / "policylib" / "rego") == modules(ROOT / "rego")


def test_both_commands_judge(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(UNPINNED)
    for name in ("rc", "policylib"):
        done = run(installed, installed / "bin" / name, "check", "pod.yaml", cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        assert "pod.yaml:4:" in done.stdout


def test_the_library_judges(installed: Path, tmp_path: Path) -> None:
    script = f"import policylib; print(policylib.load().check({UNPINNED.encode()!r}).allowed)"
    assert run(installed, "-c", script, cwd=tmp_path).stdout == "False\n"


def test_types_are_announced(installed: Path) -> None:
    assert (installed / "policylib" / "py.typed").is_file()
