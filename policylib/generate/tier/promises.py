"""What may be wrong with what a service promises: owner, objectives, alerts, people, runbook."""

from __future__ import annotations

from policylib.generate import catalogs
from policylib.generate.catalogs import Demands
from policylib.generate.choices import Choices
from policylib.generate.sample import Doc
from policylib.generate.tier.wrong import NOTHING, YES, Spoil, always, demanded, drops, hides, puts


def _alike(choices: Choices, _wanted: Demands, found: Doc) -> None:
    key = choices.one_of(("owner", "oncall", "tier"))
    found[key.capitalize()] = found[key]


ASSIGNED = always(
    "assigned",
    ("no owner", "The service has no owner.", drops("owner")),
    ("owner that says nothing", "The owner is a placeholder.", puts("owner", *NOTHING)),
    ("owner with a hidden character", "Not all of the owner shows.", hides("owner")),
    ("owner that is no text", "The owner is no text.", puts("owner", ["a"], {}, 7, None, YES)),
    ("nobody on call", "Nobody is on call.", drops("oncall")),
    ("on-call that says nothing", "On-call is a placeholder.", puts("oncall", *NOTHING)),
    ("on-call with a hidden character", "Not all of it shows.", hides("oncall")),
    ("no tier", "The service has no tier.", drops("tier")),
    ("tier in another case", "A tier is in lower case.", puts("tier", "Gold", "SILVER", "gold ")),
    ("unknown tier", "No tier is called so.", puts("tier", "platinum", "", ["gold"], None, 1)),
    ("keys that differ in case", "Two keys differ in case alone.", _alike),
)


def _slo(*values: object) -> Spoil:
    def spoil(choices: Choices, _wanted: Demands, found: Doc) -> None:
        found["slos"] = [{"name": "availability", "objective": choices.one_of(values)}]

    return spoil


def _lower(choices: Choices, wanted: Demands, found: Doc) -> None:
    less = choices.one_of(
        (wanted.slo - 0.0001, wanted.slo - 0.01, wanted.slo / 2, wanted.slo - 0.5)
    )
    found["slos"] = {"availability": {choices.one_of(("objective", "target")): round(less, 4)}}


def _both(_choices: Choices, _wanted: Demands, found: Doc) -> None:
    found["slos"] = [{"name": "availability", "objective": 100, "target": 100}]


SLO = (
    *demanded(
        "slo_defined",
        lambda wanted: wanted.slo > 1,
        ("lower", "The objective is lower than the tier's.", _lower),
    ),
    *always(
        "slo_defined",
        ("missing", "There are no objectives.", drops("slos")),
        ("empty", "There are no objectives.", puts("slos", [], {}, None, "99.99", 99.99)),
        (
            "of latency alone",
            "None is of availability.",
            puts(
                "slos",
                [{"name": "p99", "objective": 100}],
                [{"name": "availability", "indicator": "latency", "objective": 100}],
            ),
        ),
        (
            "unlike availability",
            "The word is part of another.",
            puts("slos", {"unavailability": {"target": 100}}),
        ),
        ("no number", "The objective is no number.", _slo("99.99", None, [99.99], YES, {})),
        ("not above 0 and up to 100", "No percentage is like that.", _slo(0, -1, 100.01, 9999)),
        (
            "nameless",
            "An objective has no name.",
            puts("slos", [{"indicator": "availability", "objective": 100}]),
        ),
        ("both objective and target", "One of them is meant.", _both),
    ),
)


def _fewer(choices: Choices, wanted: Demands, found: Doc) -> None:
    some = [{"name": f"a{i}", "severity": "page"} for i in range(wanted.alerts - 1)]
    found["alerts"] = choices.one_of((some, some + some[:1]))  # one name counts once


def _alert(**put: object) -> Spoil:
    def spoil(_choices: Choices, wanted: Demands, found: Doc) -> None:
        sound = [{"name": f"b{i}", "severity": "page"} for i in range(wanted.alerts)]
        found["alerts"] = [*sound, {k: v for k, v in put.items() if v is not None}]

    return spoil


ALERTS = (
    *demanded(
        "alerts_defined",
        lambda wanted: wanted.alerts > 0,
        ("missing", "There are no alerts.", drops("alerts")),
        ("fewer", "There are fewer alerts than the tier demands.", _fewer),
        ("no list", "Alerts are a list or a map.", puts("alerts", "ErrorBudgetBurn", 3, YES)),
    ),
    *always(
        "alerts_defined",
        ("nameless", "An alert has no name.", _alert(severity="page")),
        (
            "name that says nothing",
            "The name is a placeholder.",
            _alert(name="TODO", severity="page"),
        ),
        ("no severity", "An alert has no severity.", _alert(name="x9")),
        ("severity that says nothing", "It is a placeholder.", _alert(name="x9", severity="tbd")),
    ),
)

PAGING = demanded(
    "paging_defined",
    lambda wanted: wanted.paging,
    ("missing", "Nobody is paged.", drops("paging")),
    ("empty", "Neither policy nor schedule is named.", puts("paging", {}, {"team": "core"}, None)),
    ("no object", "Paging is an object.", puts("paging", "core-24x7", ["core"], YES)),
    (
        "saying nothing",
        "The policy is a placeholder.",
        puts("paging", {"policy": "TODO"}, {"schedule": ""}),
    ),
    (
        "half a placeholder",
        "One of two is a placeholder.",
        puts("paging", {"policy": "a1", "schedule": "tbd"}),
    ),
)


def _few_levels(choices: Choices, wanted: Demands, found: Doc) -> None:
    found["escalation"] = catalogs.escalation(choices, wanted.escalation, wanted.rto)
    del found["escalation"][wanted.escalation - 1 :]


def _late(choices: Choices, wanted: Demands, found: Doc) -> None:
    _few_levels(choices, wanted, found)
    found["escalation"].append({"who": "too late", "after": catalogs.spelled(wanted.rto + 1)})


def _same(choices: Choices, wanted: Demands, found: Doc) -> None:
    found["escalation"] = catalogs.escalation(choices, wanted.escalation, wanted.rto)
    for level in found["escalation"]:
        level["who"] = choices.one_of(("Ana", "ana", " ana "))


def _levels(*tails: tuple[Doc, ...]) -> Spoil:
    def spoil(choices: Choices, wanted: Demands, found: Doc) -> None:
        sound = catalogs.escalation(choices, wanted.escalation, wanted.rto)
        found["escalation"] = [*sound, *(dict(level) for level in choices.one_of(tails))]

    return spoil


_NOBODY = ({"after": "999d"}, {"who": "TBD", "after": "999d"}, {"who": ["ana"], "after": "999d"})

ESCALATION = (
    *demanded(
        "escalation_defined",
        lambda wanted: wanted.escalation > 0,
        ("missing", "Nobody is called.", drops("escalation")),
        ("fewer levels", "The tier demands more levels.", _few_levels),
        ("too late", "A level comes after the tier's rto.", _late),
        ("no list", "Levels are a list.", puts("escalation", "#oncall", {"who": "a1"}, None)),
    ),
    *demanded(
        "escalation_defined",
        lambda wanted: wanted.escalation > 1,
        ("one person", "It is the same person each time.", _same),
    ),
    *always(
        "escalation_defined",
        ("naming nobody", "A level names nobody.", _levels(*((level,) for level in _NOBODY))),
        (
            "no later",
            "A level comes no later than the one before.",
            _levels(
                ({"who": "zoe", "after": "998d"}, {"who": "max", "after": "998d"}),
                ({"who": "zoe", "after": "998d"}, {"who": "max"}),
                ({"who": "zoe", "after": "soon"},),
            ),
        ),
    ),
)

RUNBOOK = demanded(
    "runbook_present",
    lambda wanted: wanted.runbook,
    ("missing", "There is no runbook.", drops("runbook")),
    (
        "saying nothing",
        "It is to be written.",
        puts("runbook", "TODO", "tbd", "n/a", "", " ", "docs/TODO.md"),
    ),
    (
        "unencrypted",
        "It is no https URL.",
        puts("runbook", "http://runbooks.example.com/a", "ftp://example.com/a"),
    ),
    (
        "on one's own machine",
        "Nobody else reaches it.",
        puts("runbook", "https://localhost/a", "https://127.0.0.1/a"),
    ),
    (
        "outside of the repository",
        "The path leaves it.",
        puts("runbook", "../a.md", "/etc/a.md", "a/../../b.md", "https://example.com/../a"),
    ),
    (
        "with a hidden character",
        "Not all of it shows.",
        puts("runbook", "https://example.com/a\u200bb", "docs/a\u202e.md", "docs/a\u00ad.md"),
    ),
    ("with a password", "It holds a password.", puts("runbook", "https://ana:pw@example.com/a")),
    (
        "a site alone",
        "It has no path.",
        puts("runbook", "https://example.com", "https://example.com/"),
    ),
    ("a word", "It leads nowhere.", puts("runbook", "wiki", "ask Ana", "run.sh", ["a.md"], YES)),
)
