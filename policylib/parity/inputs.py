"""What the engines are asked about: batches of generated documents, each with its settings.

A batch is made of a seed, a family and a number, and of nothing else: whoever has those three has
the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from policylib import generate
from policylib.generate.choices import Chance, Choices, once_in, weighted
from policylib.generate.family import Family
from policylib.generate.ordinary import ordinary
from policylib.generate.sample import Sample, Settings

SIZE: Final = 4000
"""Documents in a batch: an engine's program starts, and gator compiles, once for each."""

_TOGETHER: Final = 16
_ENVIRONMENT: Final = "parity"


@dataclass(frozen=True)
class Batch:
    """Documents that are judged under the same settings and with the same facts."""

    settings: Settings
    samples: Sequence[Sample] = field(repr=False)


def facts_of(samples: Sequence[Sample]) -> dict[str, Any]:
    """What Rego reads as `data.facts` while these are judged."""
    images: dict[str, Any] = {}
    for sample in samples:
        images.update(sample.facts)
    return {"images": images} if images else {}


def batch(  # noqa: PLR0913 - what a batch is made of
    seed: str,
    family: str,
    number: int,
    rules: Sequence[str],
    *,
    given: Settings | None = None,
    count: int = SIZE,
) -> Batch:
    """The batch with this number: the settings of one family, and documents for it.

    One batch in sixteen has settings for every family, so that all rules are asked.

    Parameters
    ----------
    rules
        The ids of the rules whose enforcement varies.
    given
        Settings to judge by instead; documents are made for them where they speak of the family.
    count
        Documents in it; a shorter batch begins like a longer one.
    """
    choices = Chance(f"{seed}/{family}/{number}")
    own = generate.family(family)
    sections = own.settings(choices)
    others = [generate.family(name) for name in generate.FAMILIES if name != family]
    if number % _TOGETHER == _TOGETHER - 1:
        for other in others:
            sections = {**other.settings(choices), **sections}
        silent: list[str] = []
    else:
        silent = [other.name for other in others]
    if given is not None:
        sections = {**sections, **given}
    settings = _enforced(choices, sections, silent, rules) if given is None else given
    samples = [_sample(choices, own, others, sections) for _ in range(count)]
    return Batch(settings, samples)


def _enforced(
    choices: Choices, sections: Settings, silent: Sequence[str], rules: Sequence[str]
) -> Settings:
    """Settings in an environment where some rules do less than deny, and other families nothing."""
    levels: dict[str, str] = dict.fromkeys(silent, "off")
    for rule in rules:
        if rule.partition(".")[0] not in levels and once_in(choices, 10):
            levels[rule] = weighted(choices, (4, "warn"), (1, "log"), (1, "off"))
    environment = sections.get("environment", _ENVIRONMENT)
    enforcement = sections.get("enforcement", {})
    said = {**levels, **enforcement.get(environment, {})}
    return {
        **sections,
        "environment": environment,
        "enforcement": {**enforcement, environment: said},
    }


def _sample(choices: Choices, own: Family, others: Sequence[Family], settings: Settings) -> Sample:
    """Mostly what there is most of; else what the family, one of its rules or another may meet."""
    kind = weighted(choices, (180, "ordinary"), (12, "anything"), (7, "rule"), (1, "other"))
    if kind == "ordinary":
        return ordinary(choices)
    if kind == "rule":
        return own.rules[choices.one_of(sorted(own.rules))](choices, settings)
    if kind == "other" and others:
        other = choices.one_of(others)
        return other.anything(choices, {**other.settings(choices), **settings})
    return own.anything(choices, settings)
