"""Which violations of two policies are the same, and what becomes of each."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylib.evaluate import Policy
from policylib.generate.choices import Chance, Choices
from policylib.generate.workloads import sound
from policylib.inputs import objects
from policylib.models import Enforcement, Problem, Resource, Severity, Violation
from policylib.rules import load
from policylib.settings import Settings
from policylib.simulation import Named, simulate
from policylib.simulation.compare import judged, pairs, unjudged
from policylib.simulation.judging import Files
from tests.simulation.samples import PINNED

LEVELS = st.sampled_from([Enforcement.DENY, Enforcement.WARN, Enforcement.LOG])


def violation(
    level: Enforcement, message: str = "m", path: str = "/a", file: str = "f"
) -> Violation:
    return Violation(
        rule="digest.image_pinned",
        severity=Severity.HIGH,
        enforcement=level,
        message=message,
        remediation="",
        file=file,
        document=0,
        line=1,
        column=1,
        path=path,
        resource=Resource(),
    )


ONES = st.lists(
    st.builds(violation, LEVELS, st.sampled_from(["x", "y"]), st.sampled_from(["/a", "/b"])),
    max_size=6,
)


@given(ONES, ONES)
def test_each_violation_of_a_side_is_in_one_pair(
    old: list[Violation], new: list[Violation]
) -> None:
    found = list(pairs(old, new))
    assert Counter(id(one.before) for one in found if one.before) == Counter(map(id, old))
    assert Counter(id(one.after) for one in found if one.after) == Counter(map(id, new))
    assert all(one.before or one.after for one in found)


@given(ONES, ONES)
def test_what_is_denied_more_often_is_newly_denied(
    old: list[Violation], new: list[Violation]
) -> None:
    found = Counter(one.violation.path for one in pairs(old, new) if one.outcome == "newly_denied")
    for path in ("/a", "/b"):
        before, after = (
            sum(one.path == path and one.enforcement is Enforcement.DENY for one in side)
            for side in (old, new)
        )
        assert found[path] >= after - before
        assert after or not found[path]


@given(ONES)
def test_nothing_changes_between_equals(ones: list[Violation]) -> None:
    assert {one.outcome for one in pairs(ones, ones)} <= {"same", "still_denied"}


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (None, "deny", "newly_denied"),
        ("warn", "deny", "newly_denied"),
        ("excepted", "deny", "newly_denied"),
        ("deny", None, "newly_allowed"),
        ("deny", "excepted", "newly_allowed"),
        ("deny", "deny", "still_denied"),
        ("log", "warn", "changed"),
        (None, "warn", "changed"),
        ("warn", "warn", "same"),
    ],
)
def test_outcomes(before: str | None, after: str | None, outcome: str) -> None:
    old, new = ([violation(Enforcement(one))] if one else [] for one in (before, after))
    assert [one.outcome for one in pairs(old, new)] == [outcome]


def test_a_message_that_quotes_the_settings_makes_no_other_violation() -> None:
    old = [violation(Enforcement.DENY, "must stay in a")]
    new = [violation(Enforcement.DENY, "must stay in a or b"), violation(Enforcement.DENY, "other")]
    assert sorted(one.outcome for one in pairs(old, new)) == ["newly_denied", "still_denied"]


def test_documents_that_a_side_could_not_judge_are_left_out() -> None:
    ones = [violation(Enforcement.DENY, file=file) for file in ("a", "chart/templates/x", "b")]
    broken = [
        Problem(file="a", line=1, column=1, document=0, message="m"),
        Problem(file="chart", line=1, column=1, message="m"),
        Problem(file="b", line=1, column=1, document=1, message="m"),
    ]
    assert [one.file for one in judged(ones, broken)] == ["b"]
    found = list(unjudged(broken[:2], broken[1:]))
    assert [one.side for one in found] == ["old", "both", "new"]


def anything(seed: int, count: int) -> list[dict[str, object]]:
    """Workloads, some with an image that is not pinned or in a region that is not allowed."""
    chance, chosen = Chance(seed), random.Random(seed)

    def image(_: Choices) -> str:
        return PINNED if chosen.random() < 0.7 else "nginx:1"

    made = []
    for _ in range(count):
        labels = {
            "policylib.dev/region": chosen.choice(["us-east-1", "us-west-2", "eu-west-1"]),
            "policylib.dev/data-class": chosen.choice(["pii", "logs"]),
        }
        made.append(sound(chance, labels=labels, image=image))
    return made


SETTINGS = st.builds(
    lambda regions, levels: Settings.model_validate(
        {
            "families": {"residency": {"allowed_regions": {"pii": regions}}} if regions else {},
            "enforcement": {"it": levels},
        }
    ),
    st.lists(st.sampled_from(["us-east-1", "us-west-2", "eu-west-1"]), max_size=2, unique=True),
    st.dictionaries(
        st.sampled_from(["digest", "residency", "residency.region_allowed"]),
        st.sampled_from(["off", "log", "warn", "deny"]),
        max_size=2,
    ),
)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), SETTINGS, SETTINGS)
def test_newly_denied_is_what_the_new_denies_without_what_the_old_denies(
    seed: int, before: Settings, after: Settings
) -> None:
    collection = objects.from_objects(anything(seed, 25))
    sides = [Named(Policy(load(), one, "it"), "s", "") for one in (before, after)]
    found = simulate(sides[0], sides[1], [Files(collection)])
    denied = [
        {(v.file, v.rule, v.path) for v in side.policy.check_collection(collection).denials}
        for side in sides
    ]
    assert {(v.file, v.rule, v.path) for v in found.newly_denied} == denied[1] - denied[0]
    assert {(v.file, v.rule, v.path) for v in found.newly_allowed} == denied[0] - denied[1]
    assert {(v.file, v.rule, v.path) for v in found.still_denied} == denied[0] & denied[1]
    assert sum(one.newly_denied for one in found.groups.teams) == len(found.newly_denied)
    assert not found.errors


def test_one_policy_changes_nothing(tmp_path: Path) -> None:
    collection = objects.from_objects(anything(7, 40))
    side = Named(Policy(load(), Settings()), "s", "")
    found = simulate(side, side, [Files(collection)])
    assert found.still_denied
    assert found.newly_denied == found.newly_allowed == found.changed == ()
    assert found.exit_code == 0
