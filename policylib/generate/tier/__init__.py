"""Inputs for the tier family: catalogs, and what runs for the services of the settings' catalog."""

from __future__ import annotations

from collections.abc import Sequence

from policylib.generate import catalogs, label_keys
from policylib.generate.catalogs import NAMES, TIERS, Demands, demands
from policylib.generate.choices import Choices, once_in, some, weighted
from policylib.generate.family import Family
from policylib.generate.odd import damaged
from policylib.generate.sample import Defect, Doc, Generator, Sample, Settings
from policylib.generate.tier import anything, promises, running, scaling, spans
from policylib.generate.tier.running import Running
from policylib.generate.tier.wrong import Wrong

SERVICES: Sequence[Wrong] = (
    *promises.ASSIGNED,
    *promises.SLO,
    *promises.ALERTS,
    *promises.PAGING,
    *promises.ESCALATION,
    *spans.RECOVERY,
    *spans.LATENCY,
    *promises.RUNBOOK,
    *spans.DRILL,
    *spans.BUDGET,
)
"""All that may be wrong with a service of a catalog."""

RUNNING: Sequence[Running] = (
    *running.LABELS,
    *running.COPIES,
    *scaling.SCALERS,
    *scaling.BUDGETS,
)
"""All that may be wrong with what runs for a service."""

RULES = tuple(dict.fromkeys(wrong.rule for wrong in SERVICES))

ODD_NAMES = ("web api", "", "-web", "web_", "a/b", "x" * 64, "wéb")
"""Names that no label could hold."""

_OVERRIDES = {
    "slo": (99.9, 90, 99.99, 100),
    "rto": ("15m", "1h30m", "2d", "1h"),
    "rpo": ("0s", "250ms", "1m", "7d"),
    "latency_p99": ("50ms", "1s250ms", "10s"),
    "chaos_drill_every": ("30d", "180d", "365d", "40000d"),
    "replicas": (1, 2, 4, 0),
    "disruption_budget": (True, False),
    "alerts": (2, 0, 3),
    "paging": (True, False),
    "escalation": (1, 3, 0),
    "runbook": (True, False),
}


def settings(choices: Choices) -> Settings:
    """Settings with a section `tier` and a catalog with services of each tier."""
    section = {}
    for tier in TIERS:
        if once_in(choices, 3):
            keys = some(choices, tuple(_OVERRIDES))
            section[tier] = {key: choices.one_of(_OVERRIDES[key]) for key in keys}
    services: Doc = {
        name: {"tier": tier, "owner": "platform", "oncall": "#oncall-core"}
        for name, tier in (("gateway", "gold"), ("ingest", "silver"), ("reports", "bronze"))
    }
    services["search"] = {**services["gateway"], "autoscaled": True}
    found: Doc = {"tier": section, "catalog": {"services": services}}
    if once_in(choices, 6):
        found["labels"] = {"service": "example.com/service"}
    alone = {"environment": "alone", "enforcement": {"alone": {"digest": "off"}}}
    return {**found, **alone}


def catalog(choices: Choices, known: Settings, first: Doc, name: str | None = None) -> Doc:
    """A catalog that holds a service, and sound ones beside it."""
    services = {NAMES[0] if name is None else name: first}
    for other in NAMES[1 : 1 + choices.one_of((0, 0, 1, 2))]:
        services[other] = service(choices, known)
    return _headed(choices, catalogs.catalog(services))


def _headed(choices: Choices, found: Doc) -> Doc:
    """A catalog, which its services tell where its kind or its group does not."""
    if not once_in(choices, 8):
        return found
    heads: tuple[Doc, ...] = (
        {"apiVersion": "policylib.dev/v1"},
        {"apiVersion": "policylib.dev/v1", "kind": "ServiceCatalogue"},
        {"apiVersion": "policylib.example/v1", "kind": "ServiceCatalog"},
    )
    return {**choices.one_of(heads), "services": found["services"]}


def service(choices: Choices, known: Settings) -> Doc:
    """A sound service of any tier."""
    return catalogs.service(choices, demands(known, choices.one_of(TIERS)))


def _rule(rule: str) -> Generator:
    wrongs = [wrong for wrong in SERVICES if wrong.rule == rule]
    runs = [one for one in RUNNING if one.rule == rule]

    def generate(choices: Choices, known: Settings) -> Sample:
        wanted = demands(known, choices.one_of(TIERS))
        of_tier = running.registered(known, wanted.tier) if runs else []
        if of_tier and once_in(choices, 2):
            return _running(choices, known, wanted, choices.one_of(of_tier), runs)
        if rule == "tier.assigned" and once_in(choices, 6):
            return _whole(choices, catalogs.service(choices, wanted))
        if once_in(choices, 2):
            return _spoiled(choices, known, wanted, wrongs)
        return Sample(catalog(choices, known, catalogs.service(choices, wanted)))

    return generate


def _whole(choices: Choices, first: Doc) -> Sample:
    """A catalog that is wrong as a whole."""
    name, what, services = choices.one_of(
        (
            ("names alike", "Names differ in case alone.", {"web": first, "Web": dict(first)}),
            ("odd name", "No label could name it.", {choices.one_of(ODD_NAMES): first}),
            ("no services", "It holds no service.", choices.one_of(({}, [], None, "web"))),
            ("list of services", "It holds no map of services.", [{"name": "web", **first}]),
        )
    )
    document = {**catalogs.catalog({}), "services": services}
    return Sample(document, Defect(name, "tier.assigned", what))


def _spoiled(choices: Choices, known: Settings, wanted: Demands, wrongs: Sequence[Wrong]) -> Sample:
    first = catalogs.service(choices, wanted)
    matter = [wrong for wrong in wrongs if wrong.matters(wanted)]
    if not matter:
        return Sample(catalog(choices, known, first))
    wrong = choices.one_of(matter)
    wrong.spoil(choices, wanted, first)
    return Sample(catalog(choices, known, first), Defect(wrong.name, wrong.rule, wrong.what))


def _running(
    choices: Choices, known: Settings, wanted: Demands, name: str, runs: Sequence[Running]
) -> Sample:
    if once_in(choices, 2):
        one = choices.one_of(runs)
        if one.matters(wanted):
            document = one.make(choices, known, wanted, name)
            return Sample(document, Defect(one.name, one.rule, one.what))
    make = choices.one_of((running.copies, running.copies, scaling.autoscaler, scaling.budget))
    return Sample(make(choices, known, wanted, name))


def _anything(choices: Choices, known: Settings) -> Sample:
    if once_in(choices, 2):
        return FAMILY.rules[choices.one_of(RULES)](choices, known)
    shape = weighted(choices, (3, "rule"), (2, "catalog"), (2, "labelled"))
    if shape == "rule":
        document = FAMILY.rules[choices.one_of(RULES)](choices, known).document
    elif shape == "catalog":
        document = anything.catalog(choices)
    else:
        document = anything.labelled(choices, label_keys.service(known))
    if once_in(choices, 2):
        document = damaged(choices, document)
    return Sample(document, stray=True)


FAMILY = Family("tier", settings, {rule: _rule(rule) for rule in RULES}, _anything)
