"""One test a cell, or of a rule: inputs are drawn, the policy is asked, and held to a promise."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis.errors import Unsatisfiable, UnsatisfiedAssumption

from policylib.generate.sample import Sample
from policylib.testing import explain
from policylib.testing.body import Body, Wrong
from policylib.testing.policies import Asked
from policylib.testing.search import Judged, Search
from policylib.testing.verdicts import WORDS, Said, ask

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

_WORD_OF = {True: "allow", False: "deny"}


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix: the value of each dimension, what is promised, and why."""

    at: Mapping[str, str]
    promise: str
    because: str


@dataclass(frozen=True)
class Draws:
    """What is drawn for a test: from what, how many, with which seed."""

    strategy: SearchStrategy[Sample]
    inputs: int | None
    seed: int | None


@dataclass(frozen=True)
class CellTrial:
    """The policy does in a cell what is promised for it. `about` are the rules that count."""

    title: str
    cell: Cell
    asked: Asked
    about: str
    draws: Draws

    def run(self, body: Body, request: pytest.FixtureRequest) -> None:
        """See `Trial.run`."""

        def judged(samples: Sequence[Sample]) -> list[Wrong | None]:
            said = ask(self.asked, self.about, samples)
            return [self._wrong(body, *pair) for pair in zip(samples, said, strict=True)]

        _search(self.draws.strategy, self.draws, judged, request)

    def _wrong(self, body: Body, sample: Sample, said: Said) -> Wrong | None:
        promise = f"{self.cell.promise}: {self.cell.because}"
        if said.word == "allow" and said.report and not said.report.documents:
            reasons = "; ".join(skipped.reason for skipped in said.report.skipped)
            said = Said("error", failure=f"the document was not judged: {reasons}")
        if said.word != self.cell.promise:
            what = f"{self.title}: {self.cell.promise} is promised, and the policy {_verb(said)}"
            text = explain.counterexample(what, promise, said, self.asked, sample)
            return Wrong(said.word, text)
        offered = {"cell": self.cell, "report": said.report, **_copied(sample)}
        given, error = _called(body, offered)
        if given is None and error is None:
            return None
        what = f"{self.title}: {body.name} does not hold"
        if error is None:
            what = f"{self.title}: {body.name} returns {given!r}, and nobody looks at that"
        text = explain.counterexample(what, promise, said, self.asked, sample)
        return Wrong(f"{body.name} {type(error).__name__}", text, error)


@dataclass(frozen=True)
class _Due:
    """What a function says of an input: a word, or none, and why."""

    word: str
    what: str
    error: BaseException | None = None


@dataclass(frozen=True)
class RuleTrial:
    """A rule says what a function says. `at` is the value of each dimension.

    `both` demands that the inputs do not all deserve the same.
    """

    title: str
    at: Mapping[str, Any]
    asked: Asked
    about: str
    draws: Draws
    both: bool

    def run(self, body: Body, request: pytest.FixtureRequest) -> None:
        """See `Trial.run`."""
        seen: set[str] = set()

        def judged(drawn: Sequence[tuple[Sample, _Due]]) -> list[Wrong | None]:
            seen.update(due.word for _, due in drawn if due.word)
            said = ask(self.asked, self.about, [sample for sample, _ in drawn])
            return [self._wrong(*one, word) for one, word in zip(drawn, said, strict=True)]

        # It is asked while inputs are drawn, so that it may reject one by Hypothesis' `assume`.
        both = self.draws.strategy.map(lambda sample: (sample, self._due(body, sample)))
        seed = _search(both, self.draws, judged, request)
        if self.both and len(seen) == 1:
            pytest.fail(
                f"{self.title}: {body.name} says {seen.pop()} of every input (seed {seed}), which "
                "shows little: give `inputs` that deserve different words, or one_sided=True",
                pytrace=False,
            )

    def _due(self, body: Body, sample: Sample) -> _Due:
        given, error = _called(body, {**self.at, **_copied(sample)})
        if error is not None:
            return _Due("", f"{body.name} raises {type(error).__name__}", error)
        word = _WORD_OF[given] if isinstance(given, bool) else given
        if isinstance(word, str) and word in WORDS:
            return _Due(word, f"{body.name} says {word}")
        what = f"{body.name} returns {given!r}, not a boolean or one of {', '.join(WORDS)}"
        return _Due("", what)

    def _wrong(self, sample: Sample, due: _Due, said: Said) -> Wrong | None:
        if due.word == said.word:
            return None
        what = f"{self.title}: {due.what}"
        if due.word:
            what += f", and the policy {_verb(said)}"
        text = explain.counterexample(what, due.word or "not known", said, self.asked, sample)
        return Wrong(f"{due.word} {type(due.error)} {said.word}", text, due.error)


def _verb(said: Said) -> str:
    return "fails" if said.word == "error" else f"says {said.word}"


def _copied(sample: Sample) -> dict[str, Any]:
    """What a user's function is given of a sample, to do with as it likes."""
    again = copy.deepcopy(sample)
    return {"sample": again, "document": again.document}


def _called(body: Body, offered: Mapping[str, Any]) -> tuple[Any, BaseException | None]:
    """What a user's function returns, or what it raises but to skip or end the test."""
    try:
        return body.call(**offered), None
    except UnsatisfiedAssumption:
        raise
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - told with the input
        return None, error


def _search(
    strategy: SearchStrategy[T],
    draws: Draws,
    judged: Judged[T],
    request: pytest.FixtureRequest,
) -> int:
    """Fail the test where an input shows something wrong; else return the seed."""
    given: int | None = request.config.getoption("policylib_seed")
    seed = draws.seed if given is None else given
    try:
        outcome = Search(strategy, draws.inputs, seed, request.node.nodeid).run(judged)
    except Unsatisfiable as error:
        pytest.fail(f"no input could be drawn, so nothing is shown: {error}", pytrace=False)
    request.node.user_properties += [
        ("policylib_seed", outcome.seed),
        ("policylib_inputs", outcome.inputs),
    ]
    if outcome.found is None:
        if not outcome.inputs:
            pytest.fail("no input was drawn, so nothing is shown", pytrace=False)
        return outcome.seed
    wrong = outcome.found.wrong
    text = f"{wrong.text}\n{explain.reproduction(outcome.seed, request)}"
    if wrong.error is None:
        pytest.fail(text, pytrace=False)
    wrong.error.add_note(f"\n{text}")
    raise wrong.error
