"""Service catalogs: what the settings demand of a tier, and services that promise it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from policylib import durations
from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Doc, Settings

TIERS = ("gold", "silver", "bronze")

HOUR, DAY = 3_600_000, 86_400_000
"""In milliseconds, as all spans here."""

_EARLIEST, _LATEST = -50 * 365 * DAY, 150 * 365 * DAY  # rules read the years 1970 to 2199

NAMES = ("gateway", "ingest", "reports", "web-1", "a.b_c", "9lives")
OWNERS = ("platform", "backend", "Data Team", "todo-team", "Ökosystem")
ONCALL = ("#oncall-core", "pager@example.com", "@night-shift")
PEOPLE = ("#oncall-core", "head-of-platform", "cto@example.com", "duty manager")
RUNBOOKS = (
    "https://runbooks.example.com/gateway",
    "runbooks/gateway.md",
    "RUNBOOK.md",
    "./docs/run/gateway.html#restart",
    "https://wiki.example.com:8443/x?page=7#top",
)

_USUAL: Mapping[str, tuple[Any, ...]] = {
    "slo": (99.95, 99.5, 99),
    "rto": ("1h", "4h", "24h"),
    "rpo": ("5m", "1h", "24h"),
    "latency_p99": ("500ms", "1s", "3s"),
    "chaos_drill_every": ("90d", None, None),
    "replicas": (3, 2, 1),
    "disruption_budget": (True, True, False),
    "alerts": (1, 1, 1),
    "paging": (True, True, False),
    "escalation": (2, 1, 0),
    "runbook": (True, True, True),
}


Parts = list[Doc] | dict[str, Doc]
"""Parts of a service: in a list each has its name, in a map its name is its key."""


@dataclass(frozen=True)
class Demands:
    """What one tier demands, spans in milliseconds; `drill` is None where none is demanded."""

    tier: str
    slo: float
    rto: int
    rpo: int
    latency: int
    drill: int | None
    replicas: int
    alerts: int
    escalation: int
    budget: bool
    paging: bool
    runbook: bool

    @property
    def copies(self) -> int:
        """The copies against which a disruption budget is held."""
        return max(2, self.replicas)


def known(settings: Settings) -> Mapping[str, Any]:
    """What the settings' catalog says of each service."""
    found: Mapping[str, Any] = (settings.get("catalog") or {}).get("services") or {}
    return found


def demands(settings: Settings, tier: str) -> Demands:
    """What the settings demand of a tier; of what is no tier, what they demand of gold."""
    held = tier if tier in TIERS else "gold"
    column = TIERS.index(held)
    section = settings.get("tier") or {}
    said = {key: usual[column] for key, usual in _USUAL.items()} | dict(section.get(held) or {})
    drill = said["chaos_drill_every"]
    return Demands(
        tier,
        said["slo"],
        milliseconds(said["rto"]),
        milliseconds(said["rpo"]),
        milliseconds(said["latency_p99"]),
        None if drill is None else milliseconds(drill),
        int(said["replicas"]),
        int(said["alerts"]),
        int(said["escalation"]),
        said["disruption_budget"],
        said["paging"],
        said["runbook"],
    )


def milliseconds(text: str) -> int:
    """The length of a span that is written as 1h30m."""
    return round(durations.seconds(text) * 1000)


def spelled(length: int) -> str:
    """A span as the rules read it, the larger units first."""
    parts = []
    for unit, worth in (("d", DAY), ("h", HOUR), ("m", 60_000), ("s", 1000), ("ms", 1)):
        number, length = divmod(length, worth)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"


def within(choices: Choices, most: int) -> str:
    """A span that is not nothing and not longer than another, often just as long."""
    length = max(1, choices.one_of((most, most, most // 2, most // 3, most - 1)))
    if length % 60_000 == 0 and length // 60_000 <= 999_999 and once_in(choices, 3):
        return f"{length // 60_000}m"
    return spelled(length)


def instant(away: int, *, day: bool = False) -> str:
    """The moment, or the day, so many milliseconds from now; before now where that is negative."""
    moment = datetime.now(UTC) + timedelta(milliseconds=min(max(away, _EARLIEST), _LATEST))
    return moment.strftime("%Y-%m-%d" if day else "%Y-%m-%dT%H:%M:%SZ")


def service(choices: Choices, wanted: Demands) -> Doc:
    """A service that promises all that its tier demands."""
    found: Doc = {
        "tier": wanted.tier,
        "owner": choices.one_of(OWNERS),
        "oncall": choices.one_of(ONCALL),
        "slos": slos(choices, wanted.slo),
        "alerts": alerts(choices, wanted.alerts),
        "escalation": escalation(choices, wanted.escalation, wanted.rto),
        "rto": within(choices, wanted.rto),
        "rpo": "0s" if wanted.rpo == 0 or once_in(choices, 5) else within(choices, wanted.rpo),
        "latency": {"p99": within(choices, wanted.latency)},
    }
    if wanted.paging or once_in(choices, 2):
        found["paging"] = paging(choices)
    if wanted.runbook or once_in(choices, 2):
        found["runbook"] = choices.one_of(RUNBOOKS)
    if wanted.drill is not None or once_in(choices, 4):
        found["chaos_drill"] = drill(choices, wanted.drill or 90 * DAY)
    if wanted.budget or once_in(choices, 4):
        found["disruption_budget"] = budget(choices, wanted.copies)
    _beside(choices, found)
    return found


def _beside(choices: Choices, found: Doc) -> None:
    """What a service may say besides, and may leave out where it promises nothing by it."""
    for key in ("alerts", "escalation"):
        if not found[key] and once_in(choices, 2):
            del found[key]
    if once_in(choices, 4):
        found["autoscaled"] = choices.one_of((False, True))
    if once_in(choices, 6):
        found["data_classes"] = ["pii"]
    if once_in(choices, 6):
        found["regions"] = ["us-east-1"]
    if once_in(choices, 6):
        found["team-channel"] = "#general"


def slos(choices: Choices, least: float) -> Parts:
    """Objectives, of which one promises at least so many percent of availability."""
    enough = choices.one_of([x for x in (least, 100, (least + 100) / 2) if x > 0])
    word = choices.one_of(("availability", "Availability", "api-availability"))
    key = choices.one_of(("objective", "target"))
    main = choices.one_of(
        ({"name": "requests", "indicator": word, key: enough}, {"name": word, key: enough})
    )
    others = [{"name": "fast requests", "indicator": "latency", "objective": 99}]
    return _listed_or_named(choices, [main, *(others if once_in(choices, 3) else [])])


def alerts(choices: Choices, least: int) -> Parts:
    """At least so many alerts, each with a name and a severity."""
    number = least + choices.one_of((0, 0, 1, 2))
    severities = ("critical", "page", "warning")
    found = [{"name": f"Alert{i}", "severity": choices.one_of(severities)} for i in range(number)]
    return _listed_or_named(choices, found)


def _listed_or_named(choices: Choices, parts: Sequence[Doc]) -> Parts:
    if not once_in(choices, 3):
        return list(parts)
    return {part["name"]: {k: v for k, v in part.items() if k != "name"} for part in parts}


def paging(choices: Choices) -> Doc:
    """By what somebody is paged."""
    keys = choices.one_of((("policy",), ("schedule",), ("policy", "schedule")))
    return {key: choices.one_of(("core-24x7", "PX1234")) for key in keys}


def escalation(choices: Choices, least: int, most: int) -> list[Doc]:
    """At least so many levels, all of them reached within `most` milliseconds."""
    number = least + choices.one_of((0, 0, 1))
    step = most // max(1, number - 1)
    if step == 0:
        number, step = least, most // max(1, least - 1)
    names = [*PEOPLE, *(f"level-{i}" for i in range(len(PEOPLE), number))]
    found: list[Doc] = [{"who": names[i], "after": spelled(i * step)} for i in range(number)]
    if found and once_in(choices, 2):
        del found[0]["after"]
    return found


def drill(choices: Choices, every: int) -> Doc:
    """A drill that was held, or is planned, within an interval. An hour is left to either end."""
    margin = min(HOUR, every // 4)
    past = choices.one_of((-every // 2, margin - every, 0))
    last = instant(past) if every < 4 * DAY or once_in(choices, 2) else instant(past, day=True)
    ahead = instant(choices.one_of((every // 2, every - margin)))
    shape = choices.one_of(("last", "next", "both", "held", "planned day"))
    if shape == "both":
        # What is planned in time makes up for a drill that is long past.
        return {"last": choices.one_of((last, "2001-01-01")), "next": ahead}
    if shape == "held":
        return {"last": last, "next": choices.one_of((last, "1970-02-01"))}
    if shape == "planned day" and every > 2 * DAY:
        return {"next": instant(every - 2 * DAY, day=True)}
    return {"next": ahead} if shape == "next" else {"last": last}


def budget(choices: Choices, copies: int) -> Doc:
    """A budget that lets some of so many copies go and keeps some, under one key."""
    most = (copies - 1) * 100 // copies
    return choices.one_of(
        (
            {"maxUnavailable": 1},
            {"minAvailable": copies - 1},
            {"maxUnavailable": copies - 1},
            {"maxUnavailable": f"{most}%"},
            {"minAvailable": choices.one_of(("50%", "1%", "99%"))},
        )
    )


def catalog(services: Mapping[str, Any]) -> Doc:
    """A catalog of services."""
    return {"apiVersion": "policylib.dev/v1", "kind": "ServiceCatalog", "services": dict(services)}
