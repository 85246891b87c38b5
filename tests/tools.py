"""The real components that tests run. One that is missing or does not build is an error."""

from __future__ import annotations

import functools
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
KUBECTL_VERSION = "v1.37.1"


@functools.cache
def path(name: str) -> Path:
    """The program of a component in tools/ (built when the cache does not have it), or kubectl."""
    return _kubectl() if name == "kubectl" else _asked("--path", name)


@functools.cache
def source(name: str) -> Path:
    """The source that a component in tools/ is built from."""
    return _asked("--source", name)


def _asked(question: str, name: str) -> Path:
    # The Python of these tests may have Go beside it.
    command: list[str | Path] = [sys.executable, ROOT / "tools" / "build", question, name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name} is not to be had:\n{done.stderr}")
    return Path(done.stdout.strip())


def _kubectl() -> Path:
    """It comes inside a Python wheel of the development dependencies."""
    program = Path(sysconfig.get_path("scripts")) / "kubectl"
    done = subprocess.run(
        [program, "version", "--client"], capture_output=True, text=True, check=True
    )
    if f"Client Version: {KUBECTL_VERSION}\n" not in done.stdout:
        raise RuntimeError(f"{program} is not {KUBECTL_VERSION}: {done.stdout}")
    return program
