"""What may be said under some settings: classes, places and tenants that go together."""

from __future__ import annotations

from dataclasses import replace

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names, permits
from policylib.generate.residency.said import Said, Way
from policylib.generate.sample import Settings


def spelt(choices: Choices, place: str) -> str:
    """One of the ways in which a place is written; the first is as likely as all others."""
    return choices.one_of(names.spellings(place)) if once_in(choices, 2) else place


def classes(choices: Choices, settings: Settings) -> tuple[str, ...]:
    """One class, and now and then another that may be in the same place; none if there is none."""
    known = permits.classes(settings)
    if not known:
        return ()
    first = choices.one_of(known)
    if once_in(choices, 3):
        other = choices.one_of(known)
        if other != first and permits.places(settings, [first, other]):
            return (first, other)
    return (first,)


def tenants(choices: Choices, settings: Settings, of: tuple[str, ...]) -> tuple[str, ...]:
    """One tenant, now and then two, with a place where the classes may be; or none."""
    homes = permits.section(settings, "tenants")
    fitting = [name for name in homes if permits.places(settings, of, [name])]
    if not fitting:
        return ()
    first = choices.one_of(fitting)
    if once_in(choices, 4):
        other = choices.one_of(fitting)
        if other != first and permits.places(settings, of, [first, other]):
            return (first, other)
    return (first,)


def said(choices: Choices, settings: Settings, *, tenanted: bool = False) -> Said | None:
    """What may be said, in one or two places; `tenanted` demands a tenant."""
    found = _whose(choices, settings, tenanted=tenanted)
    if found is None:
        return None
    of, whose = found
    places = permits.places(settings, of, whose)
    chosen = [choices.one_of(places)]
    if once_in(choices, 4):
        chosen.append(choices.one_of(places))
    return Said(of, tuple(spelt(choices, place) for place in dict.fromkeys(chosen)), whose)


def mute(choices: Choices, settings: Settings) -> Said | None:
    """The same, without a tenant."""
    found = said(choices, settings)
    return found and replace(found, tenants=())


def way(choices: Choices, settings: Settings, *, tenanted: bool = False) -> Way | None:
    """A transfer that may be without a pipeline; `tenanted` demands a tenant."""
    found = _whose(choices, settings, tenanted=tenanted)
    if found is None:
        return None
    of, whose = found
    places = permits.places(settings, of, whose)
    source, target = choices.one_of(places), choices.one_of(places)
    return Way(of, spelt(choices, source), spelt(choices, target), whose)


def piped(choices: Choices, settings: Settings) -> Way | None:
    """A transfer by an allow-listed pipeline, whose entry holds."""
    for_it = [one for one in permits.pipelines(settings) if permits.holds(settings, one)]
    if not for_it:
        return None
    entry = choices.one_of(for_it)
    return by(choices, entry)


def by(choices: Choices, entry: dict[str, str]) -> Way:
    """The way of an entry, by its pipeline."""
    source, target = names.place(entry["from"]), names.place(entry["to"])
    return Way(
        (entry["data_class"],),
        spelt(choices, source),
        spelt(choices, target),
        pipeline=entry["name"],
    )


def _whose(
    choices: Choices, settings: Settings, *, tenanted: bool
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    of = classes(choices, settings)
    if not of:
        return None
    whose = tenants(choices, settings, of) if tenanted or once_in(choices, 4) else ()
    return None if tenanted and not whose else (of, whose)
