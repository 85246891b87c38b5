"""Asks about what was planted once more, in every circumstance that no rule knows of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policylib.generate.sample import Sample
from policylib.matrix import judging, shrinking
from policylib.matrix.cells import Maker, each, together
from policylib.matrix.circumstances import CIRCUMSTANCES, Circumstance, Subject
from policylib.matrix.judging import Judge
from policylib.matrix.model import Counterexample, Enforced, Planted
from policylib.matrix.planting import Asked
from policylib.parity.outcomes import Outcome, Verdict

_DEAF: Final = {"log": ("conftest",)}
"""The engines that have no word for a treatment."""


@dataclass(frozen=True)
class Group:
    """The subjects of one rule in one circumstance."""

    rule: str
    circumstance: Circumstance
    subjects: Sequence[Subject]

    @property
    def samples(self) -> list[Sample]:
        """What is asked about."""
        return [self.circumstance.sample(subject) for subject in self.subjects]

    def word(self, outcome: Outcome) -> Enforced | None:
        """What is done with one of them: by the rule, or by any of its family if sound."""
        if self.circumstance.is_sound:
            return judging.word(outcome, _family(self.rule))
        return judging.word_of(outcome, self.rule)


@dataclass(frozen=True)
class Round:
    """All that is asked in one circumstance, with the settings and engines for it."""

    groups: Sequence[Group]
    judge: Judge


def rounds(asked: Sequence[Asked], judge: Judge, most: int) -> list[Round]:
    """What is to be asked, circumstance by circumstance: of each rule at most so many inputs.

    Only inputs that every engine treats as promised where nothing is around them: whatever
    differs here is the circumstance's.
    """
    denied, sound = _subjects(asked, most, is_sound=False), _subjects(asked, most, is_sound=True)
    found = (_round(one, sound if one.is_sound else denied, judge) for one in CIRCUMSTANCES)
    return [one for one in found if one.groups and one.judge.versions]


def _round(one: Circumstance, subjects: Mapping[str, list[Subject]], judge: Judge) -> Round:
    taken = {rule: list(filter(one.takes, those)) for rule, those in subjects.items()}
    groups = [Group(rule, one, those) for rule, those in taken.items() if those]
    every = [subject for group in groups for subject in group.subjects]
    changed = {**judge.settings, **one.settings(judge.settings, every)}
    return Round(groups, judge.under(changed).without(_DEAF.get(one.treatment, ())))


def _subjects(asked: Sequence[Asked], most: int, *, is_sound: bool) -> dict[str, list[Subject]]:
    """Subjects of each rule, one of each defect in turn."""
    kinds: dict[str, list[Iterator[Subject]]] = {}
    for one in asked:
        planting = one.planting
        if (planting.defect is None) == is_sound and planting.rule == planting.drawn_for:
            kinds.setdefault(planting.rule, []).append(_kept(one))
    return {rule: _in_turn(those, most) for rule, those in kinds.items()}


def _in_turn(kinds: Sequence[Iterator[Subject]], most: int) -> list[Subject]:
    found: list[Subject] = []
    left = list(kinds)
    while left and len(found) < most:
        taken = [(kind, next(kind, None)) for kind in left]
        left = [kind for kind, subject in taken if subject is not None]
        found += [subject for _, subject in taken if subject is not None]
    return found[:most]


def _kept(asked: Asked) -> Iterator[Subject]:
    """The inputs that every engine treats as promised, with what the first says of them."""
    planting = asked.planting
    for number, sample in enumerate(planting.samples):
        outcomes = [said[number] for said in asked.outcomes.values()]
        words = {planting.word(outcome, _family(planting.rule)) for outcome in outcomes}
        first = outcomes[0]
        if words == {planting.promise} and isinstance(first, Verdict):
            breaches = [b for b in sorted(first.breaches) if b.rule == planting.rule]
            yield Subject(planting.rule, sample, breaches)


def _family(rule: str) -> str:
    return rule.partition(".")[0]


def planted(group: Group, outcomes: Mapping[str, Sequence[Outcome]], maker: Maker) -> Planted:
    """What is promised and done, with a counterexample where they differ."""
    one = group.circumstance
    by_engine = each(outcomes, group.word)
    enforced = together(by_engine)
    differs = enforced != one.treatment
    return Planted(
        drawn_for=group.rule,
        rule=group.rule,
        circumstance=one.name,
        what=one.what,
        promised=one.treatment,
        enforced=enforced,
        inputs=len(group.subjects),
        by_engine=by_engine,
        counterexample=_counterexample(group, outcomes, maker) if differs else None,
    )


def _counterexample(
    group: Group, outcomes: Mapping[str, Sequence[Outcome]], maker: Maker
) -> Counterexample | None:
    one, samples = group.circumstance, group.samples
    found = shrinking.plainest(samples, outcomes, lambda o: group.word(o) != one.treatment)
    if found is None:
        return None
    subject = group.subjects[samples.index(found.sample)]
    again = maker.how.again(maker.kind, maker.judge, ["--rule", group.rule])
    shown = found.counterexample(maker.kind.family, again)
    changed = one.settings(maker.judge.settings, [subject])
    return shown.model_copy(update={"settings": changed})
