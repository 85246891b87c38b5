"""What may be wrong with the spans of a service, its drills and its disruption budget."""

from __future__ import annotations

from collections.abc import Callable

from policylib.generate import catalogs
from policylib.generate.catalogs import DAY, HOUR, Demands
from policylib.generate.choices import Choices
from policylib.generate.sample import Doc
from policylib.generate.tier.wrong import (
    NO_DURATIONS,
    YES,
    Spoil,
    always,
    demanded,
    drops,
    letting_all_go,
    puts,
)


def _longer(key: str, most: Callable[[Demands], int]) -> Spoil:
    def spoil(choices: Choices, wanted: Demands, found: Doc) -> None:
        length = most(wanted)
        more = choices.one_of((length + 1, length + 1000, length * 2 + 1))
        found[key] = catalogs.spelled(more)

    return spoil


def _p99(spoil: Spoil) -> Spoil:
    def inner(choices: Choices, wanted: Demands, found: Doc) -> None:
        spoil(choices, wanted, found["latency"])

    return inner


RECOVERY = always(
    "recovery_defined",
    ("no rto", "No time to recover is said.", drops("rto")),
    ("no rpo", "No loss of writes is said.", drops("rpo")),
    ("longer rto", "The rto is longer than the tier's.", _longer("rto", lambda w: w.rto)),
    ("longer rpo", "The rpo is longer than the tier's.", _longer("rpo", lambda w: w.rpo)),
    ("rto that is no duration", "The rto cannot be read.", puts("rto", *NO_DURATIONS)),
    ("rpo that is no duration", "The rpo cannot be read.", puts("rpo", *NO_DURATIONS)),
    ("rto of nothing", "Nothing recovers in no time.", puts("rto", "0s", "0h0m")),
)

LATENCY = always(
    "latency_budget_defined",
    ("missing", "There is no budget.", drops("latency")),
    ("empty", "There is no budget.", puts("latency", {}, None, "250ms", {"p95": "1ms"})),
    ("longer", "The budget is longer than the tier's.", _p99(_longer("p99", lambda w: w.latency))),
    ("no duration", "The budget cannot be read.", _p99(puts("p99", *NO_DURATIONS))),
    ("of nothing", "Nothing answers in no time.", _p99(puts("p99", "0s", "0ms"))),
)


def _too_long_ago(choices: Choices, wanted: Demands, found: Doc) -> None:
    every = wanted.drill or 0
    if every < 40 * 365 * DAY:
        late = choices.one_of(
            (catalogs.instant(-every - 2000), catalogs.instant(-every - 2 * DAY, day=True))
        )
        found["chaos_drill"] = {"last": late}
    else:  # no day that can be written is so long ago
        found["chaos_drill"] = {"last": "1902-03-01"}


def _too_far(choices: Choices, wanted: Demands, found: Doc) -> None:
    every = wanted.drill or 0
    if every < 140 * 365 * DAY:
        late = choices.one_of(
            (catalogs.instant(every + HOUR), catalogs.instant(every + DAY, day=True))
        )
        found["chaos_drill"] = {"next": late}
    else:
        found["chaos_drill"] = {"next": "2203-03-01"}


def _missed(choices: Choices, _wanted: Demands, found: Doc) -> None:
    missed = catalogs.instant(-2 * DAY, day=True)
    earlier = catalogs.instant(-5 * DAY, day=True)
    found["chaos_drill"] = choices.one_of(({"next": missed}, {"last": earlier, "next": missed}))


def _not_yet(_choices: Choices, _wanted: Demands, found: Doc) -> None:
    found["chaos_drill"] = {"last": catalogs.instant(5 * DAY, day=True)}


def _date(*values: object) -> Spoil:
    def spoil(choices: Choices, _wanted: Demands, found: Doc) -> None:
        held, value = catalogs.instant(-HOUR), choices.one_of(values)
        found["chaos_drill"] = choices.one_of(
            ({"last": value}, {"next": value}, {"last": held, "next": value})
        )

    return spoil


DRILL = demanded(
    "chaos_drill_scheduled",
    lambda wanted: wanted.drill is not None,
    ("missing", "There was no drill, and none is planned.", drops("chaos_drill")),
    ("empty", "No day is named.", puts("chaos_drill", {}, None, "2026-01-01", {"every": "90d"})),
    ("too long ago", "The last drill is longer ago than the interval.", _too_long_ago),
    ("too far ahead", "The next drill is later than the interval.", _too_far),
    ("missed", "The planned drill was not held.", _missed),
    ("held in the future", "The last drill is yet to come.", _not_yet),
    (
        "no date",
        "It is no date.",
        _date("soon", "2026-02-30", "01.02.2026", "2026-1-2", 20260102, YES),
    ),
)


def _all_go(choices: Choices, wanted: Demands, found: Doc) -> None:
    value = choices.one_of(letting_all_go(wanted.copies))
    found["disruption_budget"] = choices.one_of(({"maxUnavailable": value}, {"minAvailable": 0}))


BUDGET = (
    *demanded(
        "redundancy",
        lambda wanted: wanted.budget,
        ("missing", "There is no disruption budget.", drops("disruption_budget")),
        ("letting all go", "It lets all copies go at once.", _all_go),
        (
            "letting none go",
            "It lets no copy go.",
            puts(
                "disruption_budget",
                {"maxUnavailable": 0},
                {"minAvailable": "100%"},
                {"maxUnavailable": "0%"},
            ),
        ),
        (
            "both limits",
            "It has both limits.",
            puts("disruption_budget", {"minAvailable": 1, "maxUnavailable": 1}),
        ),
        (
            "no limit",
            "It has no limit.",
            puts("disruption_budget", {}, YES, "yes", {"maxunavailable": 1}),
        ),
        (
            "no number",
            "Its limit is no number.",
            puts(
                "disruption_budget",
                {"maxUnavailable": "1"},
                {"minAvailable": 1.5},
                {"minAvailable": "101%"},
                {"maxUnavailable": -1},
            ),
        ),
    ),
    *always(
        "redundancy",
        (
            "autoscaled neither true nor false",
            "It is neither.",
            puts("autoscaled", "yes", 1, None, []),
        ),
    ),
)
