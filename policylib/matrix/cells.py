"""What was judged, made into cells; and for those that differ the input that shows it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from policylib.generate.sample import Sample
from policylib.matrix import judging, shrinking
from policylib.matrix.interface import At, Kind, Word
from policylib.matrix.judging import Judge
from policylib.matrix.model import Cell, Counterexample, Enforced
from policylib.matrix.reproduce import command_line
from policylib.matrix.shrinking import Found, Question, Quick
from policylib.parity.peers import Outcome

_SHRUNK: Final = 10
"""Cells whose counterexample is made small, for each cause."""


@dataclass(frozen=True)
class Drawn:
    """A cell with its promise, and the inputs that were drawn for it."""

    at: At
    word: Word
    samples: Sequence[Sample]


@dataclass(frozen=True)
class Judged:
    """A cell, and what each engine says of each of its inputs."""

    drawn: Drawn
    outcomes: Mapping[str, Sequence[Outcome]]


@dataclass(frozen=True)
class How:
    """How the inputs of a matrix are made, and the words that select its settings."""

    seed: int
    inputs: int
    shrink: bool
    command: tuple[str, ...]

    def again(self, kind: Kind, judge: Judge, what: Sequence[str]) -> str:
        """The command line that draws a part of the matrix again."""
        words = ["rc", "matrix", kind.name, *self.command]
        words += ["--seed", str(self.seed), "--inputs", str(self.inputs)]
        if tuple(judge.versions) != ("regorus",):
            words += [word for engine in judge.versions for word in ("--engine", engine)]
        return command_line([*words, *what])


def name(kind: Kind, at: At, seed: int) -> str:
    """What the inputs of a cell are drawn by."""
    return f"{seed}/{kind.name}/{json.dumps(dict(at), sort_keys=True)}"


@dataclass
class Maker:
    """Makes cells of what was judged; looks for smaller counterexamples, a few for each cause."""

    kind: Kind
    judge: Judge
    how: How
    _causes: Counter[object] = field(default_factory=Counter)

    @cached_property
    def quick(self) -> Quick:
        """The engine that is asked while counterexamples are made small."""
        return Quick(self.judge.policy)

    def cell(self, judged: Judged) -> Cell:
        """The cell, with a counterexample where it differs."""
        drawn, family = judged.drawn, self.kind.family
        by_engine = each(judged.outcomes, lambda outcome: judging.word(outcome, family))
        enforced = together(by_engine)
        differs = enforced != drawn.word.promise
        return Cell(
            at=dict(drawn.at),
            promised=drawn.word.promise,
            because=drawn.word.because,
            enforced=enforced,
            inputs=len(drawn.samples),
            by_engine=by_engine,
            counterexample=self._counterexample(judged) if differs else None,
        )

    def _counterexample(self, judged: Judged) -> Counterexample | None:
        drawn = judged.drawn
        family = self.kind.family
        found = shrinking.plainest(
            drawn.samples,
            judged.outcomes,
            lambda outcome: judging.word(outcome, family) != drawn.word.promise,
        )
        if found is None:
            return None
        if self.how.shrink and self._is_early(drawn, found):
            found = self._smaller(drawn, found)
        return found.counterexample(family, self._reproduce(drawn.at))

    def _is_early(self, drawn: Drawn, found: Found) -> bool:
        family = self.kind.family
        word, rules = judging.word(found.outcome, family), judging.speaking(found.outcome, family)
        cause = (found.engine, drawn.word.promise, word, rules)
        self._causes[cause] += 1
        return word is not None and self._causes[cause] <= _SHRUNK

    def _smaller(self, drawn: Drawn, found: Found) -> Found:
        kind, settings = self.kind, self.judge.policy.data
        question = Question(
            family=kind.family,
            draw=lambda choices: kind.sample(choices, settings, drawn.at),
            says=lambda _, outcome: judging.word(outcome, kind.family),
            takes=lambda _: True,
            seed=name(kind, drawn.at, self.how.seed),
        )
        return shrinking.smallest(question, found, self.judge, self.quick)

    def _reproduce(self, at: At) -> str:
        cell = [word for axis, value in at.items() for word in ("--cell", f"{axis}={value}")]
        return self.how.again(self.kind, self.judge, cell)


def each(
    outcomes: Mapping[str, Sequence[Outcome]], word: Callable[[Outcome], Enforced | None]
) -> dict[str, Enforced]:
    """What each engine does that could be given an input; `word` is what an outcome amounts to."""
    return {
        engine: alike(words)
        for engine, said in outcomes.items()
        if (words := {word(outcome) for outcome in said} - {None})
    }


def alike(words: Set[Enforced | None]) -> Enforced:
    """What an engine does with all inputs that it could be given."""
    if "error" in words or len(words) != 1:
        return "error" if "error" in words else "mixed"
    [word] = words
    return word or "error"


def together(by_engine: Mapping[str, Enforced]) -> Enforced:
    """What all engines do; that none was given an input is an error.

    conftest has no word for what is only logged, and lets it pass.
    """
    blind = "log" in by_engine.values()
    seen = {
        word
        for engine, word in by_engine.items()
        if not (blind and engine == "conftest" and word == "allow")
    }
    if "error" in seen or not seen:
        return "error"
    return seen.pop() if len(seen) == 1 else "mixed"
