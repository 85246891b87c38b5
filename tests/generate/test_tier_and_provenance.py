"""Generated inputs of the tier and provenance families deserve what their samples say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import policylib
from policylib import evaluate, rules
from policylib.engine.interface import DECISION, Value
from policylib.generate import catalogs, family, provenance, tier
from policylib.generate.choices import Chance, Choices
from policylib.generate.drawn import strategy
from policylib.generate.family import Family
from policylib.generate.first import First
from policylib.generate.sample import Sample, Settings
from policylib.generate.trust import Trust, means
from tests import tools

OWN = rules.load()
FAMILIES = {"tier": tier.FAMILY, "provenance": provenance.FAMILY}
RULES = [rule for one in FAMILIES.values() for rule in one.rules]
ROUNDS, EACH = 10, 50


def _said(found: Settings, samples: list[Sample]) -> list[set[str]]:
    """The rules that deny each sample; the family digest is switched off in these settings."""
    images = {image: held for one in samples for image, held in one.facts.items()}
    engine = evaluate.engine(OWN, found, {"images": images})
    answers = engine.evaluate(DECISION, [{"review": {"object": one.document}} for one in samples])
    said = []
    for answer in answers:
        assert isinstance(answer, Value), answer
        said.append({v["rule"] for v in answer.value if v["rule"].split(".")[0] in FAMILIES})
    return said


def _deserved(sample: Sample, said: set[str]) -> bool:
    return sample.defect.rule in said if sample.defect else not said


def _settings(one: Family, number: int) -> Settings:
    """Those of the fixtures, then generated ones."""
    if number == 0:
        path = tools.ROOT / "fixtures" / one.name / "settings.yaml"
        return policylib.load(settings=path).data
    return one.settings(Chance(number))


def _plain(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("name", FAMILIES)
def test_the_family_is_found_by_its_name(name: str) -> None:
    assert family(name) is FAMILIES[name]
    known = {id_ for id_ in rules.load().rules if id_.startswith(f"{name}.")}
    assert set(FAMILIES[name].rules) == known


@pytest.mark.parametrize("rule", RULES)
def test_what_is_sound_is_allowed_and_a_defect_is_denied_by_its_rule(rule: str) -> None:
    one = FAMILIES[rule.split(".", maxsplit=1)[0]]
    counted: Counter[bool] = Counter()
    defects: set[str] = set()
    for number in range(ROUNDS):
        found, chance = _settings(one, number), Chance(f"{rule}/{number}")
        samples = [one.rules[rule](chance, found) for _ in range(EACH)]
        for sample, said in zip(samples, _said(found, samples), strict=True):
            assert _deserved(sample, said), (found, sample, said)
            assert not sample.stray
            counted[rule in said] += 1
            if sample.defect:
                assert sample.defect.rule == rule
                defects.add(sample.defect.name)
    assert min(counted[True], counted[False]) * 10 >= ROUNDS * EACH, counted
    assert len(defects) >= 5


@pytest.mark.parametrize("name", FAMILIES)
def test_what_hypothesis_draws_deserves_the_same(name: str) -> None:
    """Digests that it draws are often alike, so each sample is asked about with its own facts."""
    one, counted = FAMILIES[name], Counter[bool]()

    def draw(choices: Choices) -> tuple[Settings, Sample]:
        found = one.settings(choices)
        return found, one.rules[choices.one_of(tuple(one.rules))](choices, found)

    @_plain(60)
    @given(strategy(draw))
    def check(drawn: tuple[Settings, Sample]) -> None:
        found, sample = drawn
        [said] = _said(found, [sample])
        assert _deserved(sample, said), (found, sample, said)
        counted[sample.defect is None] += 1

    check()
    assert min(counted.values()) > 5


@pytest.mark.parametrize("name", FAMILIES)
def test_anything_that_the_family_may_meet_is_judged(name: str) -> None:
    one = FAMILIES[name]
    found, chance = _settings(one, 1), Chance(name)
    samples = [one.anything(chance, found) for _ in range(200)]
    strays = Counter(sample.stray for sample in samples)
    assert min(strays.values()) > 50
    by_verdict = Counter(bool(said) for said in _said(found, samples))
    assert min(by_verdict.values()) > 10


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_seed_makes_the_same(name: str) -> None:
    one = FAMILIES[name]
    found = one.settings(Chance(3))
    made: list[list[Any]] = [
        [one.rules[rule](chance, found).facts for rule in one.rules]
        for chance in (Chance(5), Chance(5))
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_simplest_settings_make_sound_inputs(name: str) -> None:
    one = FAMILIES[name]
    found = one.settings(First())
    samples = [generate(First(), found) for generate in one.rules.values()]
    assert [sample.defect for sample in samples] == [None] * len(samples)
    assert _said(found, samples) == [set()] * len(samples)


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ({}, "provenance.signed"),
        (
            {"signers": [{"issuer": "https://i.example", "identity": "a@i.example"}]},
            "provenance.builder_trusted",
        ),
    ],
)
def test_whoever_trusts_nobody_gets_no_sound_input(section: dict[str, Any], rule: str) -> None:
    samples = [
        generate(Chance(id_), {"provenance": section})
        for id_, generate in provenance.FAMILY.rules.items()
        for _ in range(10)
    ]
    assert all(sample.defect for sample in samples)
    said = _said({"provenance": section}, samples)
    for sample, rules_ in zip(samples, said, strict=True):
        assert sample.defect
        assert sample.defect.rule in rules_
    assert rule in {sample.defect.rule for sample in samples if sample.defect}


@pytest.mark.parametrize(
    ("length", "text"), [(0, "0s"), (5_400_000, "1h30m"), (250, "250ms"), (90 * 86_400_000, "90d")]
)
def test_a_span_is_spelt_as_it_is_read(length: int, text: str) -> None:
    assert catalogs.spelled(length) == text
    assert catalogs.milliseconds(text) == length


@pytest.mark.parametrize(
    ("pattern", "text", "is_meant"),
    [
        ("*@example.com", "ana@example.com", True),
        ("*@example.com", "@example.com", False),
        ("*@example.com", "ana@example.com.evil.test", False),
        ("a/*/c", "a/b/c", True),
        ("a/*/c", "a/b/b/c", False),
        (".+", "xx", False),
    ],
)
def test_a_star_stands_for_one_segment(pattern: str, text: str, is_meant: bool) -> None:
    assert means(pattern, text) is is_meant


def test_what_is_planted_as_another_lies_outside_of_whatever_is_allowed() -> None:
    issuer, host = "https://issuer.evil.example", "https://code.evil.example/"
    builder = {"id": "https://builder.evil.example/*", "issuer": issuer, "level": 3}
    known = Trust(
        {
            "signers": [{"issuer": issuer, "identity": "*@*"}],
            "builders": [builder],
            "sources": [host],
            "refs": ["*", "refs/*/*", "refs/**"],
        }
    )
    assert not any(known.builds(ref) for ref in known.other_refs("refs/heads/mallory", "HEAD"))
    assert not known.allows(known.stranger)
    assert not known.expects(known.elsewhere)
    assert not means(str(builder["id"]), known.nobody)
