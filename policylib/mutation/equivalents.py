"""Mutants that make no difference, listed with the reason why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from policylib import reading
from policylib._native import read
from policylib.errors import InputError
from policylib.mutation.mutants import OPERATORS, Mutant


def _operator(name: str) -> str:
    if name not in OPERATORS:
        raise ValueError(f"there is no such operator; known: {', '.join(OPERATORS)}")
    return name


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("say why it makes no difference")
    return text


class Equivalent(BaseModel):
    """One mutant of a module, known by what it changes; `rule` tells apart those that look alike.

    Space counts as one blank, so that formatting makes no difference.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    operator: Annotated[str, AfterValidator(_operator)]
    rule: str | None = None
    before: str
    after: str = ""
    reason: Annotated[str, AfterValidator(_said)]

    def is_of(self, mutant: Mutant) -> bool:
        """Whether it speaks of a mutant of its module."""
        return (
            self.operator == mutant.operator
            and self.rule in (None, mutant.rule)
            and one_line(self.before) == one_line(mutant.before)
            and one_line(self.after) == one_line(mutant.after)
        )


@dataclass(frozen=True)
class Equivalents:
    """The list in a file, by module."""

    where: str
    listed: Mapping[str, Sequence[Equivalent]]

    def reason(self, mutant: Mutant) -> str:
        """Why a mutant makes no difference; empty when it is not listed."""
        entries = self.listed.get(mutant.module, ())
        return next((entry.reason for entry in entries if entry.is_of(mutant)), "")

    def stale(self, survivors: Iterable[Mutant], modules: Iterable[str]) -> list[str]:
        """What is listed and survived nothing, of the modules that were asked, as text."""
        left = list(survivors)
        return [
            f"{path}: {entry.operator} {one_line(entry.before)}"
            for path in modules
            for entry in self.listed.get(path, ())
            if not any(one.module == path and entry.is_of(one) for one in left)
        ]


NONE = Equivalents("", {})


def load(file: Path) -> Equivalents:
    """Read a list: module → mutants, in YAML or JSON.

    Raises `InputError` with the place of the mistake.
    """
    try:
        documents, problems = read(str(file), reading.read(file))
    except OSError as error:
        raise InputError(f"the list cannot be read: {error.strerror}", where=str(file)) from error
    for line, column, message in problems:
        raise InputError(message, where=f"{file}:{line}:{column}")
    if not documents:
        return Equivalents(str(file), {})
    try:
        listed = TypeAdapter(dict[str, list[Equivalent]]).validate_python(json.loads(documents[0]))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{place}: {first['msg']}", where=str(file)) from error
    return Equivalents(str(file), listed)


def one_line(text: str) -> str:
    """A text with every run of space as one blank."""
    return " ".join(text.split())
