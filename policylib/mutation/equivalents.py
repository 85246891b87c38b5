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
    """One mutant of a module, known by what it changes.

    `rule` (its name) and `source` (the line where it begins) tell apart those that look alike.
    Space counts as one blank, so that formatting makes no difference.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    operator: Annotated[str, AfterValidator(_operator)]
    rule: str | None = None
    source: str | None = None
    before: str
    after: str = ""
    reason: Annotated[str, AfterValidator(_said)]

    def is_of(self, mutant: Mutant, source: str) -> bool:
        """Whether it speaks of a mutant of its module, which stands in a line."""
        return (
            self.operator == mutant.operator
            and self.rule in (None, mutant.rule)
            and one_line(self.source or source) == one_line(source)
            and one_line(self.before) == one_line(mutant.before)
            and one_line(self.after) == one_line(mutant.after)
        )


@dataclass(frozen=True)
class Equivalents:
    """The list in a file, by module."""

    where: str
    listed: Mapping[str, Sequence[Equivalent]]

    def reason(self, mutant: Mutant, source: str) -> str:
        """Why a mutant makes no difference; empty when it is not listed."""
        entries = self.listed.get(mutant.module, ())
        return next((entry.reason for entry in entries if entry.is_of(mutant, source)), "")

    def stale(
        self,
        survivors: Iterable[tuple[Mutant, str]],
        noticed: Iterable[tuple[Mutant, str]],
        modules: Iterable[str],
    ) -> list[str]:
        """What is wrong with the list, in sentences: of the modules that were asked.

        Each mutant comes with the line where it stands. An entry speaks of a mutant that survives,
        and of none that is noticed.
        """
        left, killed = list(survivors), list(noticed)
        return [
            f"{path}: {entry.operator} {one_line(entry.before)} {wrong}"
            for path in modules
            for entry in self.listed.get(path, ())
            if (wrong := _wrong(path, entry, left, killed))
        ]


def _wrong(
    path: str,
    entry: Equivalent,
    survivors: Sequence[tuple[Mutant, str]],
    noticed: Sequence[tuple[Mutant, str]],
) -> str:
    for mutant, source in noticed:
        if mutant.module == path and entry.is_of(mutant, source):
            return f"is listed as equivalent, and is noticed in line {mutant.line}"
    if any(mutant.module == path and entry.is_of(mutant, source) for mutant, source in survivors):
        return ""
    return "is listed as equivalent, and no change is like it"


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
