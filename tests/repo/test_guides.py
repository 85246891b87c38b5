"""Every command that a guide shows is one that the program understands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from policylib.bundle import sidecar
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


def test_an_opa_with_a_configuration_is_started_with_all_its_flags() -> None:
    """Without them it answers before it has a policy, and logs what it was asked."""
    lines = [line for guide in GUIDES.glob("*.md") for line in guide.read_text().splitlines()]
    starts = [line.strip() for line in lines if re.match(r" +opa run .*--config-file", line)]
    assert len(starts) >= 2
    assert set(starts) == {shlex.join(sidecar.command("opa.yaml"))}


@pytest.mark.parametrize(("guide", "shown"), SHOWN)
def test_the_program_understands_it(guide: str, shown: str) -> None:
    words = shlex.split(shown)
    command, rest = command_of("rc", words)
    command.parser.read(rest)
