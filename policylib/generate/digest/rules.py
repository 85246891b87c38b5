"""For each rule of the family: inputs that it allows, and inputs that it has to deny."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from policylib.generate import workloads
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import cases, flaws, terms
from policylib.generate.digest.bystanders import bystander
from policylib.generate.digest.cases import Case
from policylib.generate.digest.place import CARRIES, RUNS, TOLD, Place
from policylib.generate.digest.terms import Terms
from policylib.generate.odd import Json
from policylib.generate.sample import Defect, Generator, Sample, Settings

PLACES = {RUNS: {RUNS}, CARRIES: {CARRIES}, TOLD: {TOLD}, cases.REGISTRY: {RUNS, CARRIES}}
"""For each rule, the rules whose places it looks at: registries are judged in two of them."""


def _pinned(accepted: Terms) -> list[str]:
    return [state for state in cases.ALGORITHMS if state in accepted.algorithms]


@cache
def _places(rule: str) -> tuple[Place, ...]:
    return tuple(place for place in cases.places() if place.rule in PLACES[rule])


def _place(choices: Choices, rule: str) -> Place:
    """A place that a rule looks at; registries more often where they stand alone."""
    places = _places(rule)
    if rule == cases.REGISTRY and once_in(choices, 6):
        places = tuple(place for place in places if place.lone)
    return choices.one_of(places)


@lru_cache(maxsize=4096)
def _denied(place: Place, rule: str, accepted: Terms) -> tuple[str, ...]:
    """The states that the rule denies in a place."""
    every = cases.states(place, accepted)
    near = [state for state in every if state in {cases.ALIKE, cases.NEIGHBOUR}]
    # What is near an allowed registry is more telling than what is far from all.
    return tuple(s for s in (*every, *near) if Case(place, s).denied_by(accepted) == rule)


@lru_cache(maxsize=4096)
def _let_by(place: Place, accepted: Terms) -> tuple[str, ...]:
    """The states that no rule denies in a place: pinned, first of all."""
    every = cases.states(place, accepted)
    return tuple(s for s in every if Case(place, s).denied_by(accepted) is None)


def _generator(rule: str) -> Generator:
    def generate(choices: Choices, settings: Settings) -> Sample:
        accepted = terms.terms(settings)
        place = _place(choices, rule)
        wrong = _denied(place, rule, accepted)
        is_sound = choices.integer(0, 1) == 0
        if is_sound or not wrong:
            return _sound(choices, place, accepted)
        if rule == RUNS and once_in(choices, 12):
            return _structural(choices, accepted)
        return Case(place, choices.one_of(wrong)).sample(choices, accepted)

    return generate


def _sound(choices: Choices, place: Place, accepted: Terms) -> Sample:
    """Something that no rule denies."""
    if once_in(choices, 12):
        flaw = choices.one_of(flaws.FLAWS)
        text = flaw.write(choices, terms.name(choices, accepted), accepted.algorithms[0])
        return Sample(bystander(choices, text))
    states = (*_pinned(accepted), *_let_by(place, accepted))
    return Case(place, choices.one_of(states)).sample(choices, accepted)


Broken = Callable[[Choices, Terms], Any]


def _no_object(choices: Choices, _: Terms) -> Json:
    return choices.one_of((None, "kind: Pod", 5, [], True, [{"kind": "Pod"}]))


def _deep_list(choices: Choices, accepted: Terms) -> Json:
    found: Any = workloads.sound(choices, image=terms.sound(accepted))
    for _ in range(6):
        found = {"apiVersion": "v1", "kind": "List", "items": [found]}
    return found


def _no_pod(choices: Choices, accepted: Terms) -> Json:
    found = workloads.sound(choices, image=terms.sound(accepted))
    holder = found
    for key in workloads.pod_path(found["kind"])[:-1]:
        holder = holder[key]
    holder["spec"] = choices.one_of((None, {}, "text", [], {"volumes": []}))
    return found


_STRUCTURES: Sequence[tuple[str, str, Broken]] = (
    ("no-pod", "the workload has no pod spec", _no_pod),
    ("no-object", "the document is not an object", _no_object),
    ("deep-list", "the list is nested too deep", _deep_list),
)


def _structural(choices: Choices, accepted: Terms) -> Sample:
    """A document in which images cannot even be looked for."""
    name, what, make = choices.one_of(_STRUCTURES)
    return Sample(make(choices, accepted), Defect(name, RUNS, what))


RULES: dict[str, Generator] = {rule: _generator(rule) for rule in PLACES}
"""The generator of each rule, by id."""
