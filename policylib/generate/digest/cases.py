"""An image in a state, in a place of a kind: what is made of it, and what that deserves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from policylib.generate import images
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import (
    carries,
    customs,
    flaws,
    kustomizes,
    registries,
    runs,
    terms,
    told,
)
from policylib.generate.digest.place import (
    CLEARED,
    MISSING,
    SPECIAL,
    TOLD,
    UNSEEN,
    Place,
    listed,
)
from policylib.generate.digest.terms import Terms
from policylib.generate.sample import Defect, Sample

REGISTRY = "digest.registry_allowed"
OTHER, ALIKE, NEIGHBOUR = "other registry", "look-alike registry", "other path"
ALGORITHMS: tuple[str, ...] = tuple(images.LENGTHS)
STATES: tuple[str, ...] = (*ALGORITHMS, *flaws.STATES, *SPECIAL, OTHER, ALIKE, NEIGHBOUR)
"""Every state that an image may be in: pinned by an algorithm, and not."""

_WHAT = {
    MISSING: "there is no image where one has to be",
    UNSEEN: "the image is taken from where it is not seen",
    CLEARED: "the digest is taken away",
    OTHER: "the image is from a registry that is not allowed",
    ALIKE: "the image is from a registry that looks like an allowed one",
    NEIGHBOUR: "the image is from another path of a registry than what is allowed there",
}


@cache
def places() -> tuple[Place, ...]:
    """Every place where an image stands."""
    return (
        *runs.places(),
        *customs.places(),
        *carries.places(),
        *kustomizes.places(),
        *told.places(),
    )


@dataclass(frozen=True)
class Case:
    """An image in a state, in a place."""

    place: Place
    state: str

    def sample(
        self,
        choices: Choices,
        accepted: Terms,
        *,
        near: str | None = None,
        named: str | None = None,
    ) -> Sample:
        """A document with such an image.

        `near` is the entry of the settings that its repository is of or resembles; `named` is
        the repository itself, where it is known.
        """
        kind = choices.one_of(self.place.kinds)
        sound = terms.sound(accepted)
        if self.state in SPECIAL:
            document = self.place.special[self.state](choices, kind, sound)
            return Sample(listed(choices, document), self._defect(accepted, self.state))
        reference, name = self._reference(choices, accepted, near, named)
        document = self.place.write(choices, kind, reference, sound)
        return Sample(listed(choices, document), self._defect(accepted, name))

    def _reference(
        self, choices: Choices, accepted: Terms, near: str | None, named: str | None
    ) -> tuple[str, str]:
        """The reference, and the name of what is wrong with it."""
        if self.state in flaws.STATES:
            flaw = choices.one_of(flawed(self.place, self.state))
            name = terms.name(choices, accepted)
            if self.place.nameless and flaw.name not in flaws.OF_NAMES and once_in(choices, 2):
                name = ""  # so that no registry is to blame
            return flaw.write(choices, name, choices.one_of(accepted.algorithms)), flaw.name
        entries = accepted.registries or ()
        if self.state in ALGORITHMS:
            name = images.repository(choices, (near,) if near else entries)
            return terms.reference(choices, name, self.state), self.state
        if self.place.lone and self.state == NEIGHBOUR:
            name = around(choices, entries, near)
        else:
            name = named or outside(choices, entries, self.state, near)
        algorithm = choices.one_of(accepted.algorithms)
        return terms.reference(choices, name, algorithm), self.state

    def _defect(self, accepted: Terms, name: str) -> Defect | None:
        rule = self.denied_by(accepted)
        return Defect(name, rule, f"{self.place.name}: {_what(name)}") if rule else None

    def denied_by(self, accepted: Terms) -> str | None:
        """The rule that has to deny it, if any does."""
        if self.state in {OTHER, ALIKE, NEIGHBOUR}:
            restricted = accepted.registries is not None and self.place.rule != TOLD
            return REGISTRY if restricted else None
        if self.state in accepted.algorithms or not self.place.is_judged(accepted):
            return None
        if self.state == UNSEEN and self.place.is_trusted(accepted):
            return None
        return self.place.rule


def _what(name: str) -> str:
    by_flaw = {flaw.name: f"the image {flaw.what}" for flaw in flaws.FLAWS}
    return by_flaw.get(name) or _WHAT.get(name) or f"{name} is not allowed"


@cache
def flawed(place: Place, state: str) -> tuple[flaws.Flaw, ...]:
    """The flaws of a state that are flaws in a place."""
    return tuple(f for f in flaws.FLAWS if f.state == state and f.name not in place.harmless)


def outside(choices: Choices, entries: Sequence[str], state: str, near: str | None) -> str:
    """A repository that no entry allows; it may be near one of them."""
    if state == OTHER:
        return registries.other(choices, entries)
    known = tuple(entries)
    if state == ALIKE:
        near = near or choices.one_of([e for e in entries if registries.lookalikes(e, known)])
        return choices.one_of(choices.one_of(registries.lookalikes(near, known)))
    near = near or choices.one_of([e for e in entries if registries.neighbours(e, known)])
    return choices.one_of(registries.neighbours(near, known))


def around(choices: Choices, entries: Sequence[str], near: str | None) -> str:
    """A registry without a repository, near one of the entries, in which nothing is allowed."""
    known = tuple(entries)
    near = near or choices.one_of([e for e in entries if registries.cut_short(e, known)])
    return choices.one_of(registries.cut_short(near, known))


def states(place: Place, accepted: Terms) -> list[str]:
    """The states that an image in a place may be in, under some settings."""
    found = [*ALGORITHMS, *(state for state in flaws.STATES if flawed(place, state))]
    found += [state for state in SPECIAL if state in place.special]
    found.append(OTHER)
    if place.rule != TOLD:
        found += near_states(accepted, accepted.registries or ())
    return found


def near_states(accepted: Terms, entries: Sequence[str]) -> list[str]:
    """How a repository can be near one of some entries without being allowed."""
    known = accepted.registries or ()
    found = [ALIKE] if any(registries.lookalikes(entry, known) for entry in entries) else []
    return found + [NEIGHBOUR] * any(registries.neighbours(entry, known) for entry in entries)
