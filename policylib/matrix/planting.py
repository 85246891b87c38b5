"""What was made wrong on purpose, rule by rule: the rule itself has to deny it, not another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from policylib import generate
from policylib.errors import PolicylibError
from policylib.generate.choices import Turns
from policylib.generate.sample import Defect, Sample
from policylib.matrix import judging, shrinking
from policylib.matrix.cells import How, Maker, each, together
from policylib.matrix.model import Counterexample, Enforced, Planted, Promise
from policylib.matrix.shrinking import Found, Question
from policylib.parity.peers import Outcome

TIMES: Final = 15
"""Inputs that are drawn for a rule, for each that is drawn for a cell."""
_SHRUNK: Final = 5
"""Those whose counterexample is made small."""
_EXAMPLES: Final = 400
_SOUND: Final = "Nothing is wrong with these."

Key = tuple[str, str, str]
"""The rule that was drawn for, the rule that has to deny, and the name of the defect."""


@dataclass(frozen=True)
class Planting:
    """Inputs that were drawn for a rule and have the same defect, or none."""

    drawn_for: str
    defect: Defect | None
    samples: list[Sample]

    def word(self, outcome: Outcome, family: str) -> Enforced | None:
        """What is done with one of them: by the rule that has to deny it, or by any if sound."""
        if self.defect is None:
            return judging.word(outcome, family)
        return judging.word_of(outcome, self.rule)

    @property
    def rule(self) -> str:
        """The rule that has to deny them, or the one that sound ones were drawn for."""
        return self.defect.rule if self.defect else self.drawn_for

    @property
    def promise(self) -> Promise:
        """What has to be done with all of them."""
        return "allow" if self.defect is None else "deny"


@dataclass(frozen=True)
class Asked:
    """What was planted, and what each engine says of it."""

    planting: Planting
    outcomes: Mapping[str, Sequence[Outcome]]


def unplanted(family: str, present: Sequence[str]) -> Iterator[str]:
    """A note on the rules of a policy that nothing can be planted for."""
    planted = generate.family(family).rules
    others = [r for r in present if r.startswith(f"{family}.") and r not in planted]
    if others:
        why = "since policylib generates no inputs for them"
        yield f"nothing is planted for these, {why}: {', '.join(others)}"


def without_defects(planted: Sequence[Planted]) -> Iterator[str]:
    """Notes on the rules of which only sound inputs were drawn, and on defects that none has."""
    drawn: dict[str, set[str]] = {}
    for one in planted:
        drawn.setdefault(one.drawn_for, set()).update({one.defect} - {""})
    others = [rule for rule, defects in drawn.items() if not defects]
    if others:
        why = "the settings may forbid nothing there"
        yield f"no defect was drawn for these, {why}: {', '.join(others)}"
    for rule, defects in drawn.items():
        missing = [name for name in _known_defects(rule) if defects and name not in defects]
        if missing:
            why = "the settings may not offer what they take, or too few inputs were drawn"
            yield f"these defects were not drawn for {rule}, {why}: {', '.join(missing)}"


def _known_defects(rule: str) -> list[str]:
    """What may be planted for a rule, as far as its family tells."""
    known = generate.family(rule.partition(".")[0]).defects
    return [defect.name for defect in known.get(rule, ())]


def draw(
    family: str, settings: Mapping[str, object], how: How, only: Sequence[str]
) -> list[Planting]:
    """Inputs for these rules of the family or for all, by what is wrong; strays are left out.

    Raises `PolicylibError` for a rule that no inputs can be generated for.
    """
    generators = generate.family(family)
    if unknown := [rule for rule in only if rule not in generators.rules]:
        known = f"known: {', '.join(generators.rules)}"
        raise PolicylibError(f"nothing is planted for {unknown[0]}", where=family, remedy=known)
    found: dict[Key, Planting] = {}
    for rule in only or generators.rules:
        for number in range(how.inputs * TIMES):
            sample = generators.rules[rule](Turns(f"{how.seed}/{rule}", number), settings)
            if not sample.stray:
                group = Planting(rule, sample.defect, [])
                found.setdefault(_key(rule, sample), group).samples.append(sample)
    order = {rule: place for place, rule in enumerate(generators.rules)}
    return [found[k] for k in sorted(found, key=lambda k: (order[k[0]], k[1:]))]


def _key(rule: str, sample: Sample) -> Key:
    defect = sample.defect
    return (rule, defect.rule, defect.name) if defect else (rule, "", "")


@dataclass
class Holder:
    """Holds what was planted to what is done; looks for smaller counterexamples, a few in all."""

    maker: Maker
    _shrunk: int = field(default=0)

    @cached_property
    def _family(self) -> str:
        return self.maker.kind.family

    def planted(self, asked: Asked) -> Planted:
        """What is promised and done, with a counterexample where they differ."""
        planting = asked.planting
        by_engine = each(asked.outcomes, lambda outcome: planting.word(outcome, self._family))
        enforced = together(by_engine)
        defect = planting.defect
        return Planted(
            drawn_for=planting.drawn_for,
            rule=planting.rule,
            defect=defect.name if defect else "",
            what=defect.what if defect else _SOUND,
            promised=planting.promise,
            enforced=enforced,
            inputs=len(planting.samples),
            by_engine=by_engine,
            counterexample=self._counterexample(asked) if enforced != planting.promise else None,
        )

    def _counterexample(self, asked: Asked) -> Counterexample | None:
        planting, how, judge = asked.planting, self.maker.how, self.maker.judge
        found = shrinking.plainest(
            planting.samples,
            asked.outcomes,
            lambda outcome: planting.word(outcome, self._family) != planting.promise,
        )
        if found is None:
            return None
        word = planting.word(found.outcome, self._family)
        if how.shrink and word is not None and self._shrunk < _SHRUNK:
            self._shrunk += 1
            found = self._smaller(planting, found)
        again = how.again(self.maker.kind, judge, ["--rule", planting.drawn_for])
        return found.counterexample(self._family, again)

    def _smaller(self, planting: Planting, found: Found) -> Found:
        judge, rule = self.maker.judge, planting.drawn_for
        generator, settings = generate.family(self._family).rules[rule], judge.policy.data
        key = _key(rule, found.sample)
        question = Question(
            family=self._family,
            draw=lambda choices: generator(choices, settings),
            says=lambda _, outcome: planting.word(outcome, self._family),
            takes=lambda sample: not sample.stray and _key(rule, sample) == key,
            seed=f"{self.maker.how.seed}/{'/'.join(key)}",
            examples=_EXAMPLES,
        )
        return shrinking.smallest(question, found, judge, self.maker.quick)
