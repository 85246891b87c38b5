"""A small project with tests of policies, and a real pytest that runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_WORD = "(?:PASSED|FAILED|ERROR|SKIPPED)"
_ALONE = re.compile(rf"^(?P<id>\S+::.+?) (?P<word>{_WORD}\b)", re.MULTILINE)
_BY_WORKER = re.compile(rf"^\[gw\d+\] \[ *\d+%\] (?P<word>{_WORD}) (?P<id>.+?) *$", re.MULTILINE)
_NAME = re.compile(r"^[^:]*/(?=[^:/]*::)")
_COMMAND = re.compile(r"^(?:E {3})? +pytest (.+) (--policylib-seed=\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What pytest said, and how it ended."""

    code: int
    said: str

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each test by its id without folders, with `-v`."""
        found = [*_ALONE.finditer(self.said), *_BY_WORKER.finditer(self.said)]
        return {_NAME.sub("", one["id"]): one["word"] for one in found}

    def having(self, word: str) -> set[str]:
        """The ids of the tests that have an outcome."""
        return {name for name, outcome in self.outcomes.items() if outcome == word}

    @property
    def commands(self) -> list[str]:
        """The commands that reproduce failures, as a shell reads them."""
        return [f"{test} {seed}" for test, seed in _COMMAND.findall(self.said)]

    def of(self, name: str) -> str:
        """What is said of one failed test."""
        found = re.search(rf"^_{{3,}} {re.escape(name)} _{{3,}}$", self.said, re.MULTILINE)
        assert found, self.said
        rest = self.said[found.end() :]
        end = re.search(r"^(?:_{3,} .+ _{3,}|=+ .+ =+)$", rest, re.MULTILINE)
        return rest[: end.start()] if end else rest


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files, by their paths in a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def pytest(folder: Path, *arguments: str) -> Run:
    """Run pytest in a folder as a user would, with no warning left unheard."""
    words = ["-W", "error", "--strict-markers", "--strict-config", *arguments]
    return run([sys.executable, "-m", "pytest", *words], folder)


def shell(folder: Path, command: str) -> Run:
    """Run a command as a shell does, with this Python's pytest."""
    return run(["bash", "-c", f"{sys.executable} -m pytest {command}"], folder)


def run(command: list[str], folder: Path) -> Run:
    kept = {"PATH", "HOME", "LANG", "TMPDIR"}
    env = {name: value for name, value in os.environ.items() if name in kept}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    return Run(done.returncode, done.stdout + done.stderr)
