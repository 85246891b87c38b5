"""What a failure shows: what is due, the policy's word, the smallest input, how to repeat it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from policylib.generate.sample import Sample
from policylib.matrix.reproduce import command_line
from policylib.testing.policies import Asked
from policylib.testing.verdicts import Said

if TYPE_CHECKING:
    import pytest


def counterexample(wrong: str, due: str, said: Said, asked: Asked, sample: Sample) -> str:
    """The text on an input that shows something wrong; `due` is what is due to it, and why."""
    verdict = "gives no verdict" if said.word == "error" else f"says {said.word}"
    entries = [
        ("due", [due]),
        ("the policy", [verdict, *said.lines()]),
        ("asked", [str(asked)]),
    ]
    if sample.defect is not None:
        entries.append(("planted", [f"{sample.defect.name}: {sample.defect.what}"]))
    text = f"{wrong}\n\n{''.join(_entry(*entry) for entry in entries)}\n"
    text += f"The smallest input that shows it:\n\n{_indented(shown(sample.document))}"
    if sample.facts:
        text += f"\nThe facts about its images:\n\n{_indented(shown(dict(sample.facts)))}"
    return text


def reproduction(seed: int, request: pytest.FixtureRequest) -> str:
    """The command that draws the same inputs again, from the folder that pytest was started in."""
    id_ = request.node.nodeid
    path, separator, name = id_.partition("::")
    started, root = request.config.invocation_params.dir, request.config.rootpath
    file = root / path
    near = str(file.relative_to(started)) if file.is_relative_to(started) else str(file)
    command = command_line(["pytest", f"{near}{separator}{name}", f"--policylib-seed={seed}"])
    return f"Reproduce it with seed {seed}:\n\n    {command}\n"


def shown(value: object) -> str:
    """A value as YAML, as JSON where it is no mapping, or as Python has it where it is neither."""
    from policylib.bundle import yaml

    try:
        if isinstance(value, Mapping) and value:
            return yaml.dump(value)
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    except (TypeError, ValueError, RecursionError):
        return f"{value!r}\n"


def _entry(name: str, lines: Iterable[str]) -> str:
    first, *more = lines
    return "".join([f"{name:<11}{first}\n", *(f"{'':<11}{line}\n" for line in more)])


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
