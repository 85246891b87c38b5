"""Sound settings with a section `residency`, and a catalog whose services fit it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policylib.generate.choices import Choices, once_in, some
from policylib.generate.residency import names, permits
from policylib.generate.sample import Settings

CLASSES = ("pii", "logs", "orders", "metrics", "public", "card-data", "PHI")
TENANTS = ("acme", "globex", "initech")
OWNERS = ("data-platform", "billing")
AHEAD = ("2098-12-31", "2099-06-30T00:00:00Z", "2097-01-01T12:00:00+02:00")
BEHIND = ("2020-06-30", "2021-01-01T00:00:00Z")
_LABELS = {"region": "example.com/region", "data_class": "example.com/data-class"}


def settings(choices: Choices) -> Settings:
    """Settings that permit something to each class that they name."""
    used = choices.one_of((("us-east-1", "us-west-2", "eu-west-1"), names.USUAL, names.KNOWN))
    named = some(choices, CLASSES, least=1)
    found: dict[str, Any] = {
        "residency": {
            "allowed_regions": {name: _entries(choices, used) for name in named},
            "approved_by": "Data Protection Board, 2026-02-24",
        }
    }
    section = found["residency"]
    if not once_in(choices, 4):
        section["tenants"] = _tenants(choices, found)
    if not once_in(choices, 4):
        section["pipelines"] = _pipelines(choices, found)
    if once_in(choices, 2):
        section["preview_datasets"] = _datasets(choices)
    if once_in(choices, 2):
        found["catalog"] = {"services": _services(choices, found)}
    if once_in(choices, 6):
        found["labels"] = dict(_LABELS)
    return found


def _entries(choices: Choices, used: Sequence[str]) -> list[str]:
    """One to four places, each by one of its names."""
    count = choices.integer(1, 4)
    chosen = dict.fromkeys(choices.one_of(used) for _ in range(count))
    return [_spelt(choices, place) for place in chosen]


def _spelt(choices: Choices, place: str) -> str:
    if place in {"eu", "global"}:
        return choices.one_of((place.upper() if place == "eu" else place, place))
    return choices.one_of(names.spellings(place)) if once_in(choices, 3) else place


def _tenants(choices: Choices, found: Settings) -> dict[str, list[str]]:
    """Tenants, each in some place that a class may be in, and perhaps in more."""
    tenants = {}
    for name in some(choices, TENANTS, least=1):
        home = choices.one_of(permits.places(found, [choices.one_of(permits.classes(found))]))
        more = _entries(choices, names.USUAL) if once_in(choices, 2) else []
        tenants[name] = [home, *(one for one in more if names.place(one) != home)]
    return tenants


def _pipelines(choices: Choices, found: Settings) -> list[dict[str, str]]:
    """Entries that hold, have expired, nobody answers for, or start where the class may not be."""
    return [_pipeline(choices, found, i) for i in range(choices.integer(1, 4))]


def _pipeline(choices: Choices, found: Settings, number: int) -> dict[str, str]:
    name = choices.one_of(permits.classes(found))
    state = choices.one_of((*("live",) * 4, "expired", "unassessed", "unowned", "misplaced"))
    entries = found["residency"]["allowed_regions"][name]
    strange = permits.elsewhere(found, entries)[:8] if state == "misplaced" else []
    source = choices.one_of(strange or permits.places(found, [name]))
    target = choices.one_of([place for place in names.USUAL if place != source])
    return {
        "name": f"{choices.one_of(('usage', 'warehouse', 'export'))}-{number}",
        "data_class": name,
        "from": source,
        "to": _spelt(choices, target),
        "dpia": "TBD" if state == "unassessed" else f"DPIA-2026-{number:03}",
        "owner": "TBD" if state == "unowned" else choices.one_of(OWNERS),
        "expires": choices.one_of(BEHIND if state == "expired" else AHEAD),
    }


def _datasets(choices: Choices) -> dict[str, list[str]]:
    regions = some(choices, ("us-west-2", "eu-west-1", "westeurope"), least=1)
    return {region: [f"synthetic-{region}", "masked-a"] for region in regions}


def _services(choices: Choices, found: Settings) -> dict[str, dict[str, Any]]:
    """Services, some of which say of which classes and where they are."""
    services: dict[str, dict[str, Any]] = {
        "search": {"tier": "bronze", "owner": "backend", "oncall": "#oncall-core"}
    }
    for name in permits.classes(found):
        entry = {"tier": "gold", "owner": "backend", "oncall": "#oncall-core"}
        places = permits.places(found, [name])
        if once_in(choices, 2):
            places = places[:1]
        services[f"{name.lower()}-api"] = {**entry, "data_classes": [name], "regions": places}
    return services
