"""What can be wrong with what a document says: each flaw turns what may be into what may not."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names, permits, sound
from policylib.generate.residency.said import Said
from policylib.generate.sample import Settings

_LIKELY = 8
UNLISTED = ("unclassified", "secrets", "")
STRANGERS = ("nobody", "umbrella")


@dataclass(frozen=True)
class Flaw:
    """Something wrong with what is said; `spoil` gives nothing where it cannot be made."""

    name: str
    what: str
    spoil: Callable[[Choices, Settings, Said], Said | None]


def other_places(settings: Settings, of: str) -> list[str]:
    """Every place where a class may not be, the likeliest mistakes first."""
    return permits.elsewhere(settings, permits.section(settings, "allowed_regions").get(of, ()))


def foreign_places(settings: Settings, tenant: str) -> list[str]:
    """Every place where a tenant's data may not be, the likeliest mistakes first."""
    return permits.elsewhere(settings, permits.section(settings, "tenants").get(tenant, ()))


def mistaken(choices: Choices, places: Sequence[str]) -> str:
    """One of some places: the first few, the likeliest mistakes, as often as all others."""
    return choices.one_of(places if once_in(choices, 2) else places[:_LIKELY])


def stranger(choices: Choices, options: Sequence[str], known: Collection[str]) -> str:
    """One of the options that is not known, or else a name that nobody has."""
    fitting = [name for name in options if name not in known]
    made_up = (f"{options[0]}-{number}" for number in itertools.count(1))
    return choices.one_of(fitting or [next(name for name in made_up if name not in known)])


def misspelt(choices: Choices, name: str, known: Sequence[str]) -> str:
    """A name that is not quite one of those that are known."""
    ways = (
        name.upper(),
        name.capitalize(),
        f"{name} ",
        f" {name}",
        f"{name}s",
        name[:-1],
        f"{name}*",
    )
    fitting = [text for text in ways if text not in known and text.strip()]
    return choices.one_of(fitting)


def _elsewhere(choices: Choices, settings: Settings, said: Said) -> Said | None:
    options = other_places(settings, choices.one_of(said.classes))
    if not options:
        return None
    return replace(said, places=(sound.spelt(choices, mistaken(choices, options)),), tenants=())


def _unknown(choices: Choices, _: Settings, said: Said) -> Said:
    return replace(said, places=(choices.one_of(names.UNKNOWN),), tenants=())


def _also_elsewhere(choices: Choices, settings: Settings, said: Said) -> Said | None:
    bad = _elsewhere(choices, settings, said)
    return bad and replace(bad, places=(*said.places, *bad.places))


def _unlisted(choices: Choices, settings: Settings, said: Said) -> Said:
    known = permits.section(settings, "allowed_regions")
    return replace(said, classes=(stranger(choices, UNLISTED, known),), tenants=())


def _misspelt(choices: Choices, settings: Settings, said: Said) -> Said:
    known = list(permits.section(settings, "allowed_regions"))
    wrong = misspelt(choices, said.classes[0], known)
    return replace(said, classes=(wrong,), tenants=())


def also(settings: Settings, places: Sequence[str]) -> list[str]:
    """Classes that may surely not be in one of some places."""
    wanted = {names.place(place) for place in places}
    return [
        name
        for name in permits.classes(settings)
        if wanted & set(permits.elsewhere(settings, _entries(settings, name)))
    ]


def _entries(settings: Settings, name: str) -> Sequence[str]:
    found: Sequence[str] = permits.section(settings, "allowed_regions")[name]
    return found


def _one_of_two(choices: Choices, settings: Settings, said: Said) -> Said | None:
    options = also(settings, said.places)
    if not options:
        return None
    wrong = choices.one_of(options)
    both = choices.one_of(((said.classes[0], wrong), (wrong, said.classes[0])))
    return replace(said, classes=both, tenants=())


ABOUT_PLACES = (
    Flaw("elsewhere", "a region that its class may not be in", _elsewhere),
    Flaw("unknown-region", "a region that nobody knows", _unknown),
    Flaw("unknown-class", "a data class that the settings do not have", _unlisted),
    Flaw("misspelt-class", "a data class in another spelling", _misspelt),
    Flaw("one-class-of-two", "two classes, one of which may not be there", _one_of_two),
)
"""About a class and its place: for whatever says one place or more."""

ONE_OF_TWO_PLACES = Flaw(
    "one-region-of-two", "two regions, one of which is not permitted", _also_elsewhere
)


def _stranger(choices: Choices, settings: Settings, said: Said) -> Said:
    known = permits.section(settings, "tenants")
    return replace(said, tenants=(stranger(choices, STRANGERS, known),))


def _tenant_misspelt(choices: Choices, settings: Settings, said: Said) -> Said | None:
    if not said.tenants:
        return None
    known = list(permits.section(settings, "tenants"))
    return replace(said, tenants=(misspelt(choices, said.tenants[0], known),))


def _tenant_elsewhere(choices: Choices, settings: Settings, said: Said) -> Said | None:
    """Where the class may be and the tenant's data may not."""
    homes = permits.section(settings, "tenants")
    if not homes:
        return None
    tenant = said.tenants[0] if said.tenants else choices.one_of(list(homes))
    strange = permits.elsewhere(settings, homes[tenant])
    options = [place for place in permits.places(settings, said.classes) if place in strange]
    if not options:
        return None
    place = sound.spelt(choices, choices.one_of(options))
    return replace(said, places=(place,), tenants=(tenant,))


def _tenant_of_two(choices: Choices, settings: Settings, said: Said) -> Said | None:
    homes = permits.section(settings, "tenants")
    place = names.place(said.places[0])
    options = [name for name in homes if place in permits.elsewhere(settings, homes[name])]
    if not options or not said.tenants:
        return None
    return replace(said, tenants=(said.tenants[0], choices.one_of(options)))


ABOUT_TENANTS = (
    Flaw("unknown-tenant", "a tenant that the settings do not have", _stranger),
    Flaw("misspelt-tenant", "a tenant in another spelling", _tenant_misspelt),
    Flaw("tenant-elsewhere", "a region that the tenant's data may not be in", _tenant_elsewhere),
    Flaw("one-tenant-of-two", "two tenants, one of which has no data there", _tenant_of_two),
)
"""About a tenant: what is said has to have one for some of them."""
