"""Amounts that a service may promise, from little to much, whatever the settings demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policylib.generate import catalogs
from policylib.generate.catalogs import DAY, HOUR, TIERS, Demands
from policylib.generate.choices import Choices
from policylib.generate.sample import Doc, Settings


@dataclass(frozen=True)
class Ladder:
    """Rungs, how each is called, what a tier demands, and how a service comes to promise it."""

    rungs: tuple[Any, ...]
    called: str
    demanded: Callable[[Demands], Any]
    put: Callable[[Choices, Doc, Any, Demands], None]

    def rows(self, settings: Settings) -> Mapping[str, Any]:
        """Each rung by its name, with what the settings demand among them."""
        wanted = [self.demanded(catalogs.demands(settings, tier)) for tier in TIERS]
        values = sorted({*self.rungs, *(value for value in wanted if value is not None)})
        return {self.called.format(_shown(self, value)): value for value in values}


def _shown(ladder: Ladder, value: object) -> str:
    is_span = isinstance(ladder.rungs[-1], int) and ladder.rungs[-1] >= HOUR
    is_short = ladder.rungs[-1] == _LATENCIES[-1]
    return (
        catalogs.spelled(value) if (is_span or is_short) and isinstance(value, int) else str(value)
    )


def _slo(choices: Choices, found: Doc, value: float, wanted: Demands) -> None:
    del wanted
    key = choices.one_of(("objective", "target"))
    found["slos"] = choices.one_of(
        ([{"name": "availability", key: value}], {"availability": {key: value}})
    )


def _alerts(choices: Choices, found: Doc, value: int, wanted: Demands) -> None:
    del choices, wanted
    found["alerts"] = [{"name": f"Alert{i}", "severity": "page"} for i in range(value)]


def _levels(choices: Choices, found: Doc, value: int, wanted: Demands) -> None:
    found["escalation"] = catalogs.escalation(choices, value, wanted.rto)[:value]


def _puts(key: str) -> Callable[[Choices, Doc, Any, Demands], None]:
    def put(choices: Choices, found: Doc, value: int, wanted: Demands) -> None:
        del choices, wanted
        found[key] = catalogs.spelled(value)

    return put


def _latency(choices: Choices, found: Doc, value: int, wanted: Demands) -> None:
    del choices, wanted
    found["latency"] = {"p99": catalogs.spelled(value)}


def _last(choices: Choices, found: Doc, value: int, wanted: Demands) -> None:
    """An hour less, so that the rung is reached and not passed while it is judged."""
    del choices, wanted
    found["chaos_drill"] = {"last": catalogs.instant(HOUR - value)}


def _next(choices: Choices, found: Doc, value: int, wanted: Demands) -> None:
    del choices, wanted
    found["chaos_drill"] = {"next": catalogs.instant(value - HOUR)}


_LATENCIES = (100, 250, 500, 750, 1000, 2000, 3000, 10_000)
_DAYS = tuple(days * DAY for days in (30, 60, 90, 180, 365))

LADDERS: Mapping[str, tuple[Ladder, ...]] = {
    "slo_defined": (
        Ladder((90.0, 99.0, 99.5, 99.9, 99.95, 99.99), "{} %", lambda w: float(w.slo), _slo),
    ),
    "alerts_defined": (Ladder((0, 1, 2), "{} alerts", lambda w: w.alerts, _alerts),),
    "escalation_defined": (
        Ladder((0, 1, 2, 3), "{} levels in time", lambda w: w.escalation, _levels),
    ),
    "recovery_defined": (
        Ladder(
            tuple(hours * HOUR // 4 for hours in (1, 2, 4, 8, 16, 32, 96, 192)),
            "rto {}",
            lambda w: w.rto,
            _puts("rto"),
        ),
        Ladder(
            tuple(m * 60_000 for m in (0, 1, 5, 15, 60, 240, 1440, 2880)),
            "rpo {}",
            lambda w: w.rpo,
            _puts("rpo"),
        ),
    ),
    "latency_budget_defined": (Ladder(_LATENCIES, "p99 {}", lambda w: w.latency, _latency),),
    "chaos_drill_scheduled": (
        Ladder(_DAYS, "last {} ago", lambda w: w.drill, _last),
        Ladder(_DAYS, "next in {}", lambda w: w.drill, _next),
    ),
}
"""By the last part of the rule's id."""

_COPIES = range(6)


def copies(settings: Settings) -> Sequence[int]:
    """How many copies run: few, and of each tier what is demanded and one less."""
    wanted = [catalogs.demands(settings, tier).replicas for tier in TIERS]
    return sorted({*_COPIES, *wanted, *(number - 1 for number in wanted if number > 0)})
