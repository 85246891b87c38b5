"""The smallest input on which an engine contradicts what is promised."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policylib import reach
from policylib.engine.interface import DECISION, Answer
from policylib.engine.regorus import RegorusEngine
from policylib.evaluate import Policy
from policylib.generate.choices import Chance, Choices
from policylib.generate.sample import Sample
from policylib.matrix.judging import Judge, speaking, words
from policylib.matrix.model import Counterexample, Enforced
from policylib.parity.peers import LibraryPeer, Outcome, Unreadable

_ASKED: Final = 400
"""Inputs that the engine in process is asked about for one question."""
_MORE: Final = 200
"""Inputs that a slower engine is asked about, at once, for one question."""

_MODULE: Final = "policylib/asked/asked.rego"
_QUESTION: Final = "data.policylib.asked.violations"
_ASK: Final = f"""\
package policylib.asked

import rego.v1

violations := v if {{
	v := {DECISION} with input as {{"review": {{"object": input.review.object.document}}}}
		with data.facts as {{"images": input.review.object.facts}}
}}
"""


@dataclass(frozen=True)
class Found:
    """An input on which an engine contradicts the promise, and what it says."""

    engine: str
    sample: Sample
    outcome: Outcome

    @property
    def rank(self) -> tuple[bool, int, str]:
        """For comparison: an input that was judged goes first, then the shorter one."""
        text = json.dumps([self.sample.document, dict(self.sample.facts)], sort_keys=True)
        return isinstance(self.outcome, Unreadable), len(text), text

    def counterexample(self, family: str, reproduce: str) -> Counterexample:
        """What is shown of it; `reproduce` is the command line that finds it again."""
        defect = self.sample.defect
        return Counterexample(
            engine=self.engine,
            document=self.sample.document,
            facts=dict(self.sample.facts),
            defect=defect.what if defect else None,
            said=words(self.outcome, family),
            reproduce=reproduce,
        )


def plainest(
    samples: Sequence[Sample],
    outcomes: Mapping[str, Sequence[Outcome]],
    contradicts: Callable[[Outcome], bool],
) -> Found | None:
    """The smallest of the samples on which an engine contradicts the promise, if there is one."""
    found = (
        Found(engine, sample, outcome)
        for engine, said in outcomes.items()
        for sample, outcome in zip(samples, said, strict=True)
        if contradicts(outcome)
    )
    return min(found, key=lambda one: one.rank, default=None)


@dataclass(frozen=True)
class Question:
    """What differs: how its inputs are drawn, which of them count, and what is done with one.

    Hypothesis tries `examples` inputs until one contradicts.
    """

    family: str
    draw: Callable[[Choices], Sample]
    says: Callable[[Sample, Outcome], Enforced | None]
    takes: Callable[[Sample], bool]
    seed: str
    examples: int = 100


class Quick:
    """The engine in process, asked about one sample after the other, each with its own facts.

    Only a hint: it is asked in a way of its own, so its word is never taken for the engine's.
    """

    name = RegorusEngine.name
    version = RegorusEngine.version

    def __init__(self, policy: Policy) -> None:
        modules = {**reach.asked(policy.rules, policy.data), _MODULE: _ASK}
        self._engine = RegorusEngine(modules, {"settings": policy.data, "facts": {}})
        self._peer = LibraryPeer(self)

    def evaluate(self, rule: str, inputs: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """See `policylib.engine.interface.Engine`; only the decision can be asked."""
        return self._engine.evaluate({DECISION: _QUESTION}[rule], inputs)

    def outcome(self, sample: Sample) -> Outcome:
        """What the decision says of the sample."""
        [outcome] = self._peer.judge([{"document": sample.document, "facts": dict(sample.facts)}])
        return outcome


def smallest(question: Question, found: Found, judge: Judge, quick: Quick) -> Found:
    """An input that contradicts as `found` does, the simplest of those looked at.

    The same question has the same answer, and `found` is the answer where nothing is simpler.
    """
    hinted = _by_hypothesis(question, found, quick)
    candidates = [] if hinted is None else _contradicting(question, found, judge, [hinted])
    if not candidates and found.engine != quick.name:
        more = (Chance(f"{question.seed}/more/{number}") for number in range(_MORE))
        samples = [sample for sample in map(question.draw, more) if question.takes(sample)]
        candidates = _contradicting(question, found, judge, samples)
    return min((*candidates, found), key=lambda one: one.rank)


def _contradicting(
    question: Question, found: Found, judge: Judge, samples: Sequence[Sample]
) -> list[Found]:
    """Those of the samples on which the engine does what it does on `found`."""
    wanted = question.says(found.sample, found.outcome)
    pairs = zip(samples, judge.judge(found.engine, samples), strict=True)
    return [Found(found.engine, s, o) for s, o in pairs if question.says(s, o) == wanted]


def _by_hypothesis(question: Question, found: Found, quick: Quick) -> Sample | None:
    """The simplest sample on which the engine in process does what is done on `found`."""
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import HypothesisException

    from policylib.generate import drawn

    wanted = question.says(found.sample, found.outcome)
    rules = speaking(found.outcome, question.family)
    asked = 0

    def contradicts(sample: Sample) -> bool:
        nonlocal asked
        if not question.takes(sample):
            return False
        asked += 1
        if asked > _ASKED:
            return False
        outcome = quick.outcome(sample)
        alike = question.says(sample, outcome) == wanted
        return alike and speaking(outcome, question.family) <= rules

    bounds = settings(
        max_examples=question.examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    inputs = drawn.strategy(question.draw)
    chance = random.Random(question.seed)  # noqa: S311 - test inputs are no secrets
    try:
        return find(inputs, contradicts, settings=bounds, random=chance)
    except HypothesisException:  # none was found among so many
        return None
