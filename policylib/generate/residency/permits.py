"""What settings permit, as a generator reads them: enough to make what is surely sound or not.

What the settings hold and nobody knows permits nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from policylib.generate.residency import names
from policylib.generate.residency.regions import PAIRS, covers
from policylib.generate.sample import Settings


def section(settings: Settings, key: str) -> Mapping[str, Any]:
    """A mapping in the section `residency`."""
    found: Mapping[str, Any] = settings.get("residency", {}).get(key, {})
    return found


def classes(settings: Settings) -> list[str]:
    """The data classes that have a place at all."""
    lists = section(settings, "allowed_regions")
    return [name for name, entries in lists.items() if any(map(names.is_known, entries))]


def places(
    settings: Settings, of_classes: Sequence[str], of_tenants: Sequence[str] = ()
) -> list[str]:
    """Where every class and every tenant may be."""
    permitted = section(settings, "allowed_regions")
    homes = section(settings, "tenants")
    lists = [permitted.get(name, ()) for name in of_classes]
    lists += [homes.get(name, ()) for name in of_tenants]
    read = [dict.fromkeys(map(names.place, filter(names.is_known, entries))) for entries in lists]
    return [place for place in read[0] if all(place in other for other in read[1:])]


def elsewhere(settings: Settings, entries: Sequence[str]) -> list[str]:
    """Places that a list does not permit, the likeliest mistakes first.

    These are what other lists have, then neighbours and pairs of what this one has.
    """
    others = frozenset(names.place(name) for list_ in _lists(settings) for name in list_)
    return list(_outside(frozenset(map(names.place, entries)), others))


@functools.lru_cache(maxsize=256)
def _outside(entries: frozenset[str], others: frozenset[str]) -> tuple[str, ...]:
    near = {names.stem(place) for place in entries}
    pairs = {PAIRS.get(place) for place in entries}

    def rank(place: str) -> int:
        if place in others:
            return 0
        return 1 if names.stem(place) in near or place in pairs else 2

    return tuple(sorted((one for one in names.KNOWN if not covers(entries, one)), key=rank))


def _lists(settings: Settings) -> list[Sequence[str]]:
    both = (section(settings, "allowed_regions"), section(settings, "tenants"))
    return [entries for lists in both for entries in lists.values()]


def pipelines(settings: Settings) -> list[dict[str, Any]]:
    """The entries of pipelines."""
    return list(settings.get("residency", {}).get("pipelines", ()))


def is_ahead(expires: str) -> bool:
    """Whether a date, or a timestamp, is still to come."""
    moment = datetime.fromisoformat(expires)
    if "T" not in expires:
        moment = moment.replace(hour=23, minute=59, second=59)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment > datetime.now(UTC)


def is_answered(entry: Mapping[str, Any]) -> bool:
    """Whether an entry names an assessment and an owner; generated placeholders are `TBD`."""
    return "TBD" not in {entry["dpia"], entry["owner"]}


def is_live(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is answered for and its end still to come."""
    return is_answered(entry) and is_ahead(entry["expires"])


def holds(settings: Settings, entry: Mapping[str, Any]) -> bool:
    """Whether an entry permits something: it is answered for, ahead, and starts where it may."""
    starts = places(settings, [entry["data_class"]])
    return (
        is_live(entry)
        and names.place(entry["from"]) in starts
        and names.place(entry["from"]) != names.place(entry["to"])
    )
