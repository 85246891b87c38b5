"""Every command that a guide shows is one that the program understands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from policylib.cli.parser import command_of

GUIDES = Path(__file__).parents[2] / "docs" / "guide"
_SHOWN = re.compile(r"^\$ (?:[^\n]*\| )?rc ([^\n|]+)", re.MULTILINE)


def commands() -> Iterator[tuple[str, str]]:
    for guide in sorted(GUIDES.glob("*.md")):
        for shown in _SHOWN.finditer(guide.read_text(encoding="utf-8")):
            yield guide.name, shown[1].split(" #")[0].split(" > ")[0].strip()


SHOWN = [(name, shown) for name, shown in commands() if "…" not in shown]


def test_there_are_commands_to_look_at() -> None:
    assert len({name for name, _ in SHOWN}) >= 6
    assert len(SHOWN) >= 25


@pytest.mark.parametrize(("guide", "shown"), SHOWN)
def test_the_program_understands_it(guide: str, shown: str) -> None:
    words = shlex.split(shown)
    command, rest = command_of("rc", words)
    command.parser.read(rest)
