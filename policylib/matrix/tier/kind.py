"""The tier matrix: what a service promises, and how it runs, by the tier that it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from policylib.generate import catalogs, label_keys
from policylib.generate.catalogs import TIERS, Demands
from policylib.generate.choices import Choices
from policylib.generate.first import First
from policylib.generate.sample import Defect, Doc, Sample, Settings
from policylib.generate.tier import SERVICES, running, scaling
from policylib.matrix.interface import At, Word
from policylib.matrix.model import Dimension
from policylib.matrix.tier import oracle
from policylib.matrix.tier.ladders import LADDERS, copies

UNKNOWN = "(none that is known)"
AS_DEMANDED = "as demanded"
LABEL = "Label of what runs"
COPIES_RUN = "Copies that run"
COPIES_OF = "Copies of each service"
OWNED = "made by a controller, not counted"
OPEN = "(left open)"
"""In the place of a tier: as many copies as an autoscaler finds, if there is one."""

_TITLES = {
    "Tier, owner, on-call": "assigned",
    "Availability": "slo_defined",
    "Alerts": "alerts_defined",
    "Paging": "paging_defined",
    "Escalation": "escalation_defined",
    "Recovery": "recovery_defined",
    "Latency": "latency_budget_defined",
    "Runbook": "runbook_present",
    "Chaos drills": "chaos_drill_scheduled",
    "Disruption budget": "redundancy",
}
_RUNS: Mapping[str, Sequence[running.Running]] = {
    LABEL: running.LABELS,
    COPIES_RUN: running.COPIES,
    "Autoscaler": scaling.SCALERS,
    "PodDisruptionBudget": scaling.BUDGETS,
}
_SOUND = {
    LABEL: running.copies,
    COPIES_RUN: running.copies,
    "Autoscaler": scaling.autoscaler,
    "PodDisruptionBudget": scaling.budget,
}
_FEWER = {
    *("fewer copies", "fewer copies beside an autoscaler", "low floor"),
    *("owner not in control", "owner that makes none", "owner that is nobody"),
}
_UNLABELLED = {"Autoscaler", "PodDisruptionBudget"}


@dataclass(frozen=True)
class Tier:
    """The kind; see `policylib.matrix.interface.Kind`."""

    name: str = "tier"
    title: str = "What each tier has to promise and keep"
    family: str = "tier"

    def dimensions(self, settings: Settings) -> Sequence[Dimension]:
        """See `Kind.dimensions`."""
        panels = (*_TITLES, *_RUNS, COPIES_OF)
        rows = dict.fromkeys(row for panel in panels for row in _rows(settings, panel))
        return (
            Dimension(name="what", title="What there is", values=tuple(rows)),
            Dimension(name="tier", title="Tier", values=(*TIERS, UNKNOWN, OPEN)),
            Dimension(name="requirement", title="Requirement", values=panels),
        )

    def cells(self, settings: Settings) -> Sequence[At]:
        """See `Kind.cells`.

        What runs is asked about for the tiers that the settings' catalog has a service of.
        """
        return [
            {"what": row, "tier": tier, "requirement": panel}
            for panel in (*_TITLES, *_RUNS, COPIES_OF)
            for row in _rows(settings, panel)
            for tier in _tiers(settings, panel, row)
        ]

    def promised(self, settings: Settings, at: At) -> Word:
        """See `Kind.promised`: the oracle's word on the simplest input."""
        return oracle.word(settings, _document(First(), settings, at))

    def sample(self, choices: Choices, settings: Settings, at: At) -> Sample:
        """See `Kind.sample`."""
        document = _document(choices, settings, at)
        if self.promised(settings, at).promise == "allow":
            return Sample(document)
        rule = f"tier.{_TITLES.get(at['requirement'], 'redundancy')}"
        return Sample(document, Defect(at["what"], rule, f"{at['requirement']}: {at['what']}"))


def _rows(settings: Settings, panel: str) -> list[str]:
    if panel == COPIES_OF:
        return [name for tier in TIERS for name in running.registered(settings, tier)]
    if panel in _RUNS:
        rungs = [*_rungs(settings, panel), *_keys(settings, panel), *_uncounted(panel)]
        return [AS_DEMANDED, *rungs, *(one.name for one in _RUNS[panel])]
    rule = _TITLES[panel]
    ladders = [row for ladder in LADDERS.get(rule, ()) for row in ladder.rows(settings)]
    return [AS_DEMANDED, *ladders, *_wrongs(rule)]


def _rungs(settings: Settings, panel: str) -> dict[str, int]:
    if panel not in {COPIES_RUN, "Autoscaler"}:
        return {}
    called = "{} copies" if panel == COPIES_RUN else "never fewer than {}"
    least = 0 if panel == COPIES_RUN else 1
    return {called.format(number): number for number in copies(settings) if number >= least}


def _keys(settings: Settings, panel: str) -> dict[str, str]:
    """The keys that what runs may name its service by: what is usual, and what the settings say."""
    keys = label_keys.either(settings, "service") if panel == LABEL else ()
    return {f"by {key}": key for key in keys}


def _uncounted(panel: str) -> dict[str, Callable[[Choices, Settings, str], Doc]]:
    """What runs in a number that nobody promises, or that its controller answers for."""
    if panel != COPIES_RUN:
        return {}
    kinds = {f"{kind}, not counted": kind for kind in running.UNCOUNTED}
    made = {row: partial(running.workload, kinds=(kind,)) for row, kind in kinds.items()}
    return {**made, OWNED: running.owned}


def _wrongs(rule: str) -> list[str]:
    return [wrong.name for wrong in SERVICES if wrong.rule == f"tier.{rule}"]


def _tiers(settings: Settings, panel: str, row: str) -> Sequence[str]:
    if panel == COPIES_OF:
        return (*TIERS, OPEN)
    if panel in _RUNS:
        of = [tier for tier in TIERS if _service(settings, tier) is not None]
        tiers = [*of, *([UNKNOWN] if panel in _UNLABELLED else [])]
        # Nothing runs fewer copies than none.
        return [t for t in tiers if row not in _FEWER or catalogs.demands(settings, t).replicas > 0]
    if row in {"no tier", "tier in another case", "unknown tier"}:
        return [UNKNOWN]
    return [*TIERS, *([UNKNOWN] if row == AS_DEMANDED else [])]


def _service(settings: Settings, tier: str) -> str | None:
    """The service that stands for its tier: one that is not autoscaled, if there is one."""
    plain = running.registered(settings, tier, autoscaled=False)
    return next(iter(plain or running.registered(settings, tier)), None)


def _document(choices: Choices, settings: Settings, at: At) -> Doc:
    panel, row = at["requirement"], at["what"]
    if at["tier"] == OPEN:
        return running.left_open(choices, settings, row)
    wanted = catalogs.demands(settings, "platinum" if at["tier"] == UNKNOWN else at["tier"])
    if panel == COPIES_OF:
        return _run(choices, settings, row, wanted.replicas)
    if panel in _RUNS:
        return _running(choices, settings, at, wanted)
    return catalogs.catalog(
        {choices.one_of(catalogs.NAMES): _promise(choices, settings, at, wanted)}
    )


def _promise(choices: Choices, settings: Settings, at: At, wanted: Demands) -> Doc:
    found, rule, row = catalogs.service(choices, wanted), _TITLES[at["requirement"]], at["what"]
    for ladder in LADDERS.get(rule, ()):
        rungs = ladder.rows(settings)
        if row in rungs:
            ladder.put(choices, found, rungs[row], wanted)
            return found
    for wrong in SERVICES:
        if wrong.rule == f"tier.{rule}" and wrong.name == row:
            wrong.spoil(choices, wanted, found)
    return found


def _run(choices: Choices, settings: Settings, service: str, number: int) -> Doc:
    scaled = any(service in running.registered(settings, t, autoscaled=True) for t in TIERS)
    # One may be what the API server puts in where the number is left to an autoscaler.
    kinds = running.KNATIVE if scaled and number == 1 else running.COUNTED
    found = running.workload(choices, settings, service, kinds)
    running.put_copies(found, number)
    return found


def _running(choices: Choices, settings: Settings, at: At, wanted: Demands) -> Doc:
    panel, row = at["requirement"], at["what"]
    service = _service(settings, wanted.tier) or ""
    rungs = _rungs(settings, panel)
    if row in rungs and panel == COPIES_RUN:
        return _run(choices, settings, service, rungs[row])
    if row in rungs:
        return scaling.scaled(settings, service, rungs[row])
    keys = _keys(settings, panel)
    if row in keys:
        named_so = {**settings, "labels": {"service": keys[row]}}
        return _SOUND[panel](choices, named_so, wanted, service)
    uncounted = _uncounted(panel)
    if row in uncounted:
        return uncounted[row](choices, settings, service)
    makes = {one.name: one.make for one in _RUNS[panel]}
    return makes.get(row, _SOUND[panel])(choices, settings, wanted, service)


KIND = Tier()
