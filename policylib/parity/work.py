"""One task: a part of a batch, or a group of examples, judged by some engines and compared."""

from __future__ import annotations

import os
import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from policylib import evaluate, examples
from policylib import rules as rule_files
from policylib.engine.interface import DECISION, Value
from policylib.generate import exceptions
from policylib.generate.choices import Chance, once_in
from policylib.generate.sample import Settings
from policylib.parity import agreement, inputs
from policylib.parity.agreement import Tally
from policylib.parity.outcomes import Peer
from policylib.parity.peers import peer
from policylib.parity.reduction import SECONDS, Reduced, Reduction
from policylib.rules import RuleSet

_LOOKED_AT: Final = 60
_ENTRIES: Final = 12
# A garbage collector that runs less often costs memory, which there is, and saves time.
_GOGC: Final = "800"


@dataclass(frozen=True)
class Setup:
    """What all tasks of a run share.

    `rules` and `examples` are folders, None standing for those of policylib; `settings` and
    `facts` are what Rego reads, where they are not to vary; `programs` says where engines are.
    A difference is made smaller for `patience` seconds.
    """

    seed: str
    programs: Mapping[str, Path]
    rules: Path | None = None
    settings: Settings | None = None
    facts: Mapping[str, Any] | None = None
    examples: Path | None = None
    patience: float = SECONDS


@dataclass(frozen=True)
class Part:
    """The documents `first` to `last`, which is left out, of a batch of a family.

    A `plain` one has no exceptions in its settings: it is a piece of one that a process died of.
    """

    family: str
    number: int
    first: int
    last: int
    engines: tuple[str, ...]
    plain: bool = False


@dataclass(frozen=True)
class Examples:
    """The documents `first` to `last`, which is left out, of one group of examples."""

    group: str
    first: int
    last: int
    engines: tuple[str, ...]
    plain: bool = False


Task = Part | Examples


@dataclass(frozen=True)
class Difference:
    """Engines that differ on a document, which no single step makes smaller.

    `said` has what each engine says, a line for each thing; `count` how many documents of the task
    they differ on; `document` is None where no document could be found to be the reason.
    """

    task: Task
    document: Any
    settings: Settings
    facts: Mapping[str, Any]
    said: Mapping[str, Sequence[str]]
    count: int = 1


@dataclass(frozen=True)
class Answer:
    """What came of a task; `cpu` in seconds, memory as the most that a process had, in bytes."""

    tally: Tally
    difference: Difference | None = None
    excepting: bool = False
    cpu: float = 0.0
    memory: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Asked:
    """Documents with all that they are judged with; `facts` of each on its own stand beside it."""

    documents: Sequence[Any]
    settings: Settings
    facts: Mapping[str, Any]
    own: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Work:
    """Judges tasks; a copy of it works in each process."""

    setup: Setup

    def __call__(self, task: Task) -> Answer:
        """Judge the documents of a task with its engines, and compare what they say.

        Raises `EngineError` for rules that do not load in one of them.
        """
        os.environ.setdefault("GOGC", _GOGC)
        before = _cpu()
        asked = self.asked(task)
        with TemporaryDirectory(prefix="policylib-parity-") as folder:
            peers = self._peers(task.engines, asked.settings, asked.facts, Path(folder))
            tally = agreement.compare(peers, asked.documents)
        difference = self._difference(task, asked, tally.different) if tally.different else None
        return Answer(tally, difference, "exceptions" in asked.settings, _cpu() - before, _memory())

    def asked(self, task: Task) -> _Asked:
        """The documents of a task, and what they are judged with."""
        if isinstance(task, Examples):
            group = _groups(self.setup.examples, self.setup.rules)[task.group]
            documents, facts = group.documents[task.first : task.last], group.facts or {}
            return _Asked(documents, group.settings, facts, [facts] * len(documents))
        return self._part(task)

    def _part(self, part: Part) -> _Asked:
        setup, rules = self.setup, _rules(self.setup.rules)
        made = inputs.batch(
            setup.seed,
            part.family,
            part.number,
            sorted(rules.rules),
            given=setup.settings,
            count=max(part.last, _LOOKED_AT),
        )
        settings, given = made.settings, dict(setup.facts or {})
        if setup.settings is None and not part.plain:
            settings = _excepted(f"{setup.seed}/{part.family}/{part.number}/x", made, rules)
        samples = made.samples[part.first : part.last]
        return _Asked(
            [sample.document for sample in samples],
            settings,
            _both(given, inputs.facts_of(samples)),
            [_both(given, inputs.facts_of([sample])) for sample in samples],
        )

    def _peers(
        self,
        engines: Sequence[str],
        settings: Settings,
        facts: Mapping[str, Any],
        folder: Path,
    ) -> list[Peer]:
        rules, programs = _rules(self.setup.rules), self.setup.programs
        known = facts or None
        return [peer(name, rules, settings, known, folder, programs) for name in engines]

    def _difference(self, task: Task, asked: _Asked, different: Sequence[int]) -> Difference:
        """The first difference, made small."""
        first = min(different)
        case = Reduced(asked.documents[first], asked.settings, asked.own[first])
        reduction = Reduction(
            partial(self._peers, task.engines),
            sorted(_rules(self.setup.rules).rules),
            self.setup.patience,
        )
        found = reduction.smallest(case) or reduction.smallest(replace(case, facts=asked.facts))
        together = {"all": ["they differ on it among others, and agree on it alone"]}
        small, said = found or (case, together)
        return Difference(task, small.document, small.settings, small.facts, said, len(different))


def _excepted(seed: str, made: inputs.Batch, rules: RuleSet) -> Settings:
    """Settings with exceptions to some of what the first documents violate, once in three."""
    choices = Chance(seed)
    if not once_in(choices, 3):
        return made.settings
    samples = made.samples[:_LOOKED_AT]
    engine = evaluate.engine(rules, made.settings, inputs.facts_of(samples))
    asked = [{"review": {"object": sample.document}} for sample in samples]
    found = [
        violation
        for answer in engine.evaluate(DECISION, asked)
        if isinstance(answer, Value)
        for violation in answer.value
    ]
    if not found:
        return made.settings
    some = (exceptions.about(choices, choices.one_of(found)) for _ in range(_ENTRIES))
    return {**made.settings, "exceptions": [entry for entry in some if entry is not None]}


@cache
def _rules(folder: Path | None) -> RuleSet:
    return rule_files.load(folder)


@cache
def _groups(folder: Path | None, rules: Path | None) -> dict[str, examples.Group]:
    found = examples.groups(folder or examples.home(), _rules(rules))
    return {group.name: group for group in found}


def _both(given: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    images = {**given.get("images", {}), **more.get("images", {})}
    return {**given, "images": images} if images else dict(given)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _memory() -> dict[str, int]:
    return {
        "process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "program": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    }
