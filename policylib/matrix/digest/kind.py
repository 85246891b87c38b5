"""The digest matrix: places by what the image there is, for each group of kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from policylib.generate import images
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import registries, terms
from policylib.generate.digest.bystanders import bystander
from policylib.generate.digest.cases import (
    ALIKE,
    NEIGHBOUR,
    STATES,
    Case,
    near_states,
    places,
    states,
)
from policylib.generate.digest.flaws import NO_DIGEST
from policylib.generate.digest.place import TOLD, Place
from policylib.generate.digest.terms import Terms
from policylib.generate.sample import Sample, Settings
from policylib.matrix.digest import oracle
from policylib.matrix.interface import At, Word
from policylib.matrix.model import Dimension

NOWHERE = "ConfigMap and the like"


@dataclass(frozen=True)
class Digest:
    """The kind; see `policylib.matrix.interface.Kind`.

    The kinds of a group are picked first, and so take turns: each place meets each state in each
    kind, given as many inputs as a place has kinds. The one of several flaws that make a state is
    drawn by chance.
    """

    name: str = "digest"
    title: str = "Which images may run, and which may be chosen"
    family: str = "digest"

    def dimensions(self, settings: Settings) -> Sequence[Dimension]:
        """See `Kind.dimensions`."""
        found = self.cells(settings)

        def axis(name: str, title: str, order: Sequence[str] = ()) -> Dimension:
            present = dict.fromkeys(at[name] for at in found)
            values = [value for value in order if value in present] or list(present)
            return Dimension(name=name, title=title, values=tuple(values))

        return (
            axis("place", "Where the image stands"),
            axis("image", "What the image is", STATES),
            axis("in", "In what"),
        )

    def cells(self, settings: Settings) -> Sequence[At]:
        """See `Kind.cells`.

        Registries have a panel of their own, with a row for each entry of the settings.
        """
        return [
            {"in": group, "place": place, "image": state}
            for group, place, state in _cells(terms.terms(settings))
        ]

    def promised(self, settings: Settings, at: At) -> Word:
        """See `Kind.promised`."""
        return oracle.promised(settings, at)

    def sample(self, choices: Choices, settings: Settings, at: At) -> Sample:
        """See `Kind.sample`."""
        accepted = terms.terms(settings)
        group, name, state = at["in"], at["place"], at["image"]
        if group == oracle.BYSTANDERS:
            return _bystander(choices, accepted, state)
        if group != oracle.REGISTRIES:
            return Case(_known()[group, name], state).sample(choices, accepted)
        case = Case(_of_registries(choices), state)
        alike = _allowed_alike(choices, accepted, name) if state == ALIKE else None
        return case.sample(choices, accepted, near=name, named=alike)


def _cells(accepted: Terms) -> Iterator[tuple[str, str, str]]:
    for place in places():
        for state in states(place, accepted):
            if state not in {ALIKE, NEIGHBOUR}:  # these are asked of each entry
                yield place.group, place.name, state
    for entry in accepted.registries or ():
        for state in (accepted.algorithms[0], *near_states(accepted, (entry,))):
            yield oracle.REGISTRIES, entry, state
    for state in (accepted.algorithms[0], NO_DIGEST):
        yield oracle.BYSTANDERS, NOWHERE, state


@cache
def _known() -> dict[tuple[str, str], Place]:
    return {(place.group, place.name): place for place in places()}


@cache
def _judged() -> tuple[Place, ...]:
    """The places in which registries are judged."""
    return tuple(place for place in places() if place.rule != TOLD)


def _of_registries(choices: Choices) -> Place:
    """A place in which registries are judged; more often one where they stand alone."""
    alone = tuple(place for place in _judged() if place.lone)
    return choices.one_of(alone if once_in(choices, 6) else _judged())


def _allowed_alike(choices: Choices, accepted: Terms, entry: str) -> str | None:
    """A repository of another entry of the settings that looks like this one, if there is any.

    What looks like an allowed registry should not be allowed, whoever wrote it into the settings.
    """
    alike = registries.resembling(entry, accepted.registries or ())
    if not alike or once_in(choices, 2):
        return None
    return images.repository(choices, (choices.one_of(alike),))


def _bystander(choices: Choices, accepted: Terms, state: str) -> Sample:
    name = terms.name(choices, accepted)
    is_bare = state == NO_DIGEST
    text = f"{name}:1" if is_bare else terms.reference(choices, name, state)
    return Sample(bystander(choices, text))


KIND = Digest()
