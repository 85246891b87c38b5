"""What docs/guide/testing.md shows works as it says, and says all that there is to say."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from policylib import testing
from tests import tools
from tests.testing import defects, project

GUIDE = tools.ROOT / "docs" / "guide" / "testing.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

FEW = """
from hypothesis import settings
settings.register_profile("few", max_examples=4, derandomize=True, deadline=None)
settings.load_profile("few")
"""


@dataclass(frozen=True)
class Command:
    """A command that the guide shows, and what it says there."""

    words: tuple[str, ...]
    lines: tuple[str, ...]


def blocks() -> Iterator[tuple[str, str]]:
    for block in _BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        yield block[1], block[2]


def shown() -> list[Command]:
    found = []
    for language, text in blocks():
        if language == "console":
            first, *lines = text.splitlines()
            found.append(Command(tuple(shlex.split(first.removeprefix("$ "))), tuple(lines)))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that the guide builds up."""
    path = tmp_path_factory.mktemp("guide")
    files = {"conftest.py": FEW, "pytest.ini": "[pytest]\n"}
    for language, text in blocks():
        if language != "console":
            name = text.partition("\n")[0]
            assert name.startswith("# "), f"this block names no file: {name}"
            files[name.removeprefix("# ")] = text
    project.write(path, files)
    for command in shown():
        if command.words[0] == "rc":
            code = "import sys; from policylib.cli import main; sys.exit(main())"
            made = project.run([sys.executable, "-c", code, *command.words[1:]], path)
            assert made.code == 0, made.said
    return path


@pytest.mark.parametrize("command", [one for one in shown() if one.words[0] == "pytest"])
def test_a_command_says_what_the_guide_says(folder: Path, command: Command) -> None:
    run = project.pytest(folder, *command.words[1:])
    assert run.code == ("failed" in command.lines[-1]), run.said
    said = iter(run.said.splitlines())
    for line in command.lines:
        wanted = re.compile(re.escape(line).replace("…", ".*"))
        assert any(wanted.search(one) for one in said), f"{line}\n\n{run.said}"


def test_everything_else_passes(folder: Path) -> None:
    mentioned = {word for one in shown() for word in one.words if word.startswith("tests/")}
    files = (folder / "tests").glob("test_*.py")
    names = sorted({f"tests/{path.name}" for path in files} - mentioned)
    assert len(names) >= 3
    run = project.pytest(folder, *names)
    assert run.code == 0, run.said


def test_the_rule_is_tested_in_under_15_lines() -> None:
    [text] = [text for _, text in blocks() if text.startswith("# tests/test_owner_named.py\n")]
    assert len(text.splitlines()) < 15


def test_every_strategy_and_every_defect_is_there() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for name in defects.SOURCES:
        assert f"| `{name}` |" in guide
        assert name in testing.__all__
    assert defects.written(guide) == guide, "run `python -m tests.testing.defects`"
