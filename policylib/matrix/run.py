"""Draws inputs for cells and rules, asks the engines, and says where they break a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from policylib.errors import PolicylibError
from policylib.evaluate import Policy
from policylib.generate.choices import Turns
from policylib.generate.sample import Sample
from policylib.matrix import judging, planting, surrounding
from policylib.matrix.cells import Drawn, How, Judged, Maker, name
from policylib.matrix.interface import At, Kind
from policylib.matrix.judging import Judge
from policylib.matrix.model import Matrix, Planted
from policylib.matrix.notes import notes
from policylib.matrix.planting import Asked, Holder
from policylib.parity.peers import Outcome, Unreadable
from policylib.version import __version__

INPUTS: Final = 20
"""Inputs that are drawn for a cell."""

Progress = Callable[[int, int], None]


def run(  # noqa: PLR0913 - each of these is a choice that a caller may make
    kind: Kind,
    policy: Policy,
    *,
    inputs: int = INPUTS,
    seed: int = 0,
    engines: Sequence[str] = ("regorus",),
    programs: Mapping[str, Path] | None = None,
    where: At | None = None,
    planted: Sequence[str] | None = None,
    shrink: bool = True,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Matrix:
    """Compare what the settings promise with what the engines do, cell by cell.

    Parameters
    ----------
    kind, policy
        Which matrix, and the rules and settings that it is of.
    inputs, seed
        How many inputs are drawn for each cell, and what they are drawn by. The inputs of a cell
        depend on nothing but the seed, the settings and the cell.
    engines, programs
        Which engines are asked; where their programs are, if not on PATH.
    where
        Only cells that have these values; None for all.
    planted
        The rules whose planted inputs are asked about as well, and then no cells; empty for all
        rules beside the cells, None for neither.
    shrink
        Whether to look for smaller counterexamples.
    command
        The words that select the settings in a command line, for `Counterexample.reproduce`.
    progress
        Told how many inputs are judged, and of how many.

    Raises
    ------
    SettingsError
        The settings do not speak of the kind's family.
    EngineError
        An engine is missing or does not work at all.
    PolicylibError
        There is no such cell, or no such rule.
    """
    policy.require((kind.family,))
    how = How(seed, inputs, shrink, tuple(command))
    drawn = [] if planted else [_draw(kind, policy, at, how) for at in _cells(kind, policy, where)]
    plants = [] if planted is None else planting.draw(kind.family, policy.data, how, planted)
    told = _Told(progress)
    with TemporaryDirectory(prefix="policylib-matrix-") as folder:
        judge = judging.judge(policy, engines, programs or {}, Path(folder))
        samples = [*(d.samples for d in drawn), *(p.samples for p in plants)]
        told.expect(judge, samples)
        answers = _judge(judge, samples, told.add)
        judged = [Judged(one, said) for one, said in zip(drawn, answers, strict=False)]
        asked = [Asked(*one) for one in zip(plants, answers[len(drawn) :], strict=True)]
        maker = Maker(kind, judge, how)
        cells = tuple(map(maker.cell, judged))
        held = (*map(Holder(maker).planted, asked), *_surrounded(asked, maker, told))
    return Matrix(
        version=__version__,
        kind=kind.name,
        title=kind.title,
        revision=policy.revision,
        environment=policy.environment,
        seed=seed,
        engines=dict(judge.versions),
        dimensions=tuple(kind.dimensions(policy.data)),
        cells=cells,
        planted=held,
        notes=(
            *notes(kind, policy),
            *_unplanted(kind, policy, planted),
            *planting.without_defects(held),
            *_apart(answers, judged),
        ),
    )


def _cells(kind: Kind, policy: Policy, where: At | None) -> list[At]:
    found = [
        at
        for at in kind.cells(policy.data)
        if all(at.get(axis) == value for axis, value in (where or {}).items())
    ]
    if not found:
        known = "; ".join(f"{d.name}: {', '.join(d.values)}" for d in kind.dimensions(policy.data))
        raise PolicylibError("the matrix has no such cell", where=kind.name, remedy=known)
    return found


def _unplanted(kind: Kind, policy: Policy, planted: Sequence[str] | None) -> Iterator[str]:
    if planted is not None:
        yield from planting.unplanted(kind.family, list(policy.rules.rules))


def _draw(kind: Kind, policy: Policy, at: At, how: How) -> Drawn:
    samples = [
        kind.sample(Turns(name(kind, at, how.seed), number), policy.data, at)
        for number in range(how.inputs)
    ]
    return Drawn(at, kind.promised(policy.data, at), samples)


def _judge(
    judge: Judge, groups: Sequence[Sequence[Sample]], done: Callable[[int], None]
) -> list[dict[str, list[Outcome]]]:
    """What each engine says of the samples of each group."""
    samples = [sample for group in groups for sample in group]
    answers = {engine: iter(judge.judge(engine, samples, done)) for engine in judge.versions}
    return [
        {engine: [next(it) for _ in group] for engine, it in answers.items()} for group in groups
    ]


@dataclass
class _Told:
    """Tells how many inputs are judged, of all that are known of so far."""

    progress: Progress | None
    total: int = 0
    done: int = 0

    def expect(self, judge: Judge, groups: Iterable[Sized]) -> None:
        """Hear of more inputs that every engine will be asked about."""
        self.total += sum(map(len, groups)) * len(judge.versions)
        self.add(0)

    def add(self, more: int) -> None:
        """Hear of more that are judged."""
        self.done += more
        if self.progress is not None:
            self.progress(self.done, self.total)


def _surrounded(asked: Sequence[Asked], maker: Maker, told: _Told) -> Iterator[Planted]:
    """What was planted, in the circumstances that no rule knows of."""
    rounds = surrounding.rounds(asked, maker.judge, most=maker.how.inputs)
    for one in rounds:
        told.expect(one.judge, [group.subjects for group in one.groups])
    for one in rounds:
        answers = _judge(one.judge, [group.samples for group in one.groups], told.add)
        for group, outcomes in zip(one.groups, answers, strict=True):
            yield surrounding.planted(group, outcomes, maker)


def _apart(
    answers: Sequence[Mapping[str, Sequence[Outcome]]], judged: Sequence[Judged]
) -> Iterator[str]:
    """How many inputs an engine could not be given, and why."""
    apart = Counter(
        (engine, outcome.reason)
        for said in answers
        for engine, outcomes in said.items()
        for outcome in outcomes
        if isinstance(outcome, Unreadable)
    )
    for (engine, reason), number in sorted(apart.items()):
        yield f"{engine} was not asked about {number} of the inputs: {reason}"
    silent = Counter(
        engine
        for one in judged
        for engine, outcomes in one.outcomes.items()
        if all(isinstance(outcome, Unreadable) for outcome in outcomes)
    )
    for engine, number in sorted(silent.items()):
        yield f"{engine} has no part in {number} of the cells, since it was asked nothing there"
