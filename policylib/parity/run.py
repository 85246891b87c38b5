"""A whole run: what is to be judged by which engine, on how many processes, and what came of it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from policylib import examples
from policylib import rules as rule_files
from policylib.parity import pool
from policylib.parity.inputs import SIZE
from policylib.parity.peers import ENGINES
from policylib.parity.pool import Lost
from policylib.parity.summary import Summary
from policylib.parity.work import Difference, Examples, Part, Setup, Task, Work

TASK_SECONDS: Final = 3600.0
"""How long a task may take: the programs in it end much earlier, and say what they failed on."""

CARRYING: Final = frozenset({"provenance"})
"""The families whose documents come with facts about their images."""

SHARES: Final = {"digest": 8, "residency": 2, "provenance": 1, "tier": 1}
"""How generated documents are spread: the more the less one costs, since more is then learnt."""

PIECE: Final = 40
"""Documents of such a family that gator and conftest judge at once."""

Tell = Callable[[int, int], None]
"""Told how many judgements (a document by an engine) are done, and of how many."""


@dataclass(frozen=True)
class Plan:
    """What a run is to do.

    `inputs` maps each engine to how many generated documents it judges at least, spread over
    `families`; the engine in process judges as many as any other. `batch` asks for the one batch of
    each family with that number instead. `keep_going` goes on after a difference.
    """

    setup: Setup
    inputs: Mapping[str, int]
    families: Sequence[str]
    examples: bool = True
    batch: int | None = None
    keep_going: bool = False
    jobs: int = 1

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that are compared, the one in process first."""
        return tuple(name for name in ENGINES if name in self.inputs)


def tasks(plan: Plan) -> Iterator[Task]:
    """What there is to do: the examples, then batches of one family after the other."""
    if plan.examples:
        rules = rule_files.load(plan.setup.rules)
        for group in examples.groups(plan.setup.examples or examples.home(), rules):
            yield Examples(group.name, 0, len(group.documents), plan.engines)
    if plan.batch is not None:
        whole = dict.fromkeys(plan.engines, (plan.batch + 1) * SIZE)
        for family in plan.families:
            yield from _parts(family, plan.batch, whole)
        return
    shares = {family: _shares(plan, family) for family in plan.families}
    most = max((max(share.values()) for share in shares.values()), default=0)
    for number in range(-(-most // SIZE)):
        for family, share in shares.items():
            yield from _parts(family, number, share)


def _shares(plan: Plan, family: str) -> dict[str, int]:
    """How many documents of a family each engine judges: the first one as many as any other."""
    share: dict[str, int] = {}
    for name, count in plan.inputs.items():
        weights = {one: _weight(name, one) for one in plan.families}
        share[name] = -(-count * weights[family] // sum(weights.values()))
    return {name: max(share.values()) if name == ENGINES[0] else n for name, n in share.items()}


def _weight(engine: str, family: str) -> int:
    """Facts are parameters to gator and Rego to conftest, and cost them many times the judging."""
    slowed = engine in {"conftest", "gator"} and family in CARRYING
    return SHARES[family] * (1 if slowed else 3)


def _parts(family: str, number: int, share: Mapping[str, int]) -> Iterator[Part]:
    """A batch, cut where an engine has had enough, and into pieces where facts slow one down."""
    start = number * SIZE
    left = {name: min(max(count - start, 0), SIZE) for name, count in share.items()}
    ends = {count for count in left.values() if count}
    if family in CARRYING:
        ends |= set(range(PIECE, max(left.get("conftest", 0), left.get("gator", 0)), PIECE))
    for first, last in pairwise([0, *sorted(ends)]):
        engines = tuple(name for name in ENGINES if left.get(name, 0) >= last)
        yield Part(family, number, first, last, engines)


def run(plan: Plan, tell: Tell | None = None) -> Summary:
    """Judge all that a plan names, and sum up.

    Raises `EngineError` for rules that do not load in an engine, `InputError` for examples that
    cannot be read.
    """
    began = time.monotonic()
    waiting = deque(tasks(plan))
    total, done = sum(_judgements(task) for task in waiting), 0
    summary = Summary(plan.setup.seed, plan.engines)
    for task, difference in _judged(plan, waiting, summary):
        if difference is not None:
            summary.differences.append(difference)
            if not plan.keep_going:
                break
        done += _judgements(task)
        if tell is not None:
            tell(done, total)
    summary.seconds = time.monotonic() - began
    return summary


def _judged(
    plan: Plan, waiting: deque[Task], summary: Summary
) -> Iterator[tuple[Task, Difference | None]]:
    """Each task that is done with the difference in it, counted; last what nobody could explain."""
    work = Work(plan.setup)
    died: dict[tuple[object, ...], tuple[Task, Lost]] = {}
    for task, answer in pool.run(work, waiting, plan.jobs, TASK_SECONDS):
        if not isinstance(answer, Lost):
            summary.add(task, answer)
            yield task, answer.difference
        elif task.last - task.first > 1:
            died.setdefault(_whole(task), (task, answer))
            waiting.extendleft(_halves(task))
        else:
            died.pop(_whole(task), None)
            yield task, _death(work, task, answer)
    for task, lost in died.values():
        yield task, _death(work, task, lost)


def _judgements(task: Task) -> int:
    return (task.last - task.first) * len(task.engines)


def _whole(task: Task) -> tuple[object, ...]:
    """What a piece is a piece of."""
    return (task.family, task.number) if isinstance(task, Part) else (task.group,)


def _halves(task: Task) -> Iterator[Task]:
    half = (task.first + task.last) // 2
    for first, last in ((task.first, half), (half, task.last)):
        yield replace(task, first=first, last=last, plain=True)


def _death(work: Work, task: Task, lost: Lost) -> Difference:
    """A process that died of a document, or, where no document alone did it, of a batch."""
    asked = work.asked(task)
    one = task.last - task.first == 1
    alone = "" if one else f", of all {task.last - task.first} documents together"
    said = {ENGINES[0]: [f"crashes: {lost.reason}{alone}"]}
    document = asked.documents[0] if one else None
    return Difference(task, document, asked.settings, asked.facts, said)
