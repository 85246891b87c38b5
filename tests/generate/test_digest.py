"""The digest family's generators keep their word: a defect is denied, and nothing else is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given
from hypothesis import settings as hypothesis_settings

import policylib
from policylib import evaluate, rules
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import SettingsError
from policylib.generate import family
from policylib.generate.choices import Chance, Choices, some
from policylib.generate.digest import cases, flaws, registries, runs, terms
from policylib.generate.digest.options import ENTRIES
from policylib.generate.digest.place import MISSING
from policylib.generate.drawn import strategy
from policylib.generate.sample import Sample, Settings

FAMILY = family("digest")
STRICT: Settings = {
    "digest": {
        "registries": ["ghcr.io/org/", "registry.example.com/", "docker.io/library/busybox"],
        "env_images": True,
    }
}
SAMPLES = 500


@cache
def _engine(settings: str) -> RegorusEngine:
    return evaluate.engine(rules.load(), json.loads(settings))


def _denying(settings: Settings, documents: Sequence[Any]) -> list[set[str]]:
    """For each document the rules that speak."""
    inputs = [{"review": {"object": document}} for document in documents]
    answers = _engine(json.dumps(settings, sort_keys=True)).evaluate(DECISION, inputs)
    return [_rules(answer) for answer in answers]


def _rules(answer: Any) -> set[str]:
    assert isinstance(answer, Value), answer
    return {violation["rule"] for violation in answer.value}


def _wrong(sample: Sample, said: set[str]) -> bool:
    return bool(said) if sample.defect is None else sample.defect.rule not in said


@pytest.mark.parametrize("rule", sorted(FAMILY.rules))
def test_a_defect_is_denied_and_nothing_else(rule: str) -> None:
    chance = Chance(rule)
    samples = [FAMILY.rules[rule](chance, STRICT) for _ in range(SAMPLES)]
    said = _denying(STRICT, [sample.document for sample in samples])
    assert [pair for pair in zip(samples, said, strict=True) if _wrong(*pair)] == []
    flawed = Counter(sample.defect is not None for sample in samples)
    assert min(flawed.values()) > SAMPLES / 100
    assert not any(sample.stray for sample in samples)


def test_they_keep_it_under_any_settings() -> None:
    for number in range(6):
        chance = Chance(number)
        settings = FAMILY.settings(chance)
        rules = list(FAMILY.rules.values())
        samples = [chance.one_of(rules)(chance, settings) for _ in range(60)]
        said = _denying(settings, [sample.document for sample in samples])
        wrong = [pair for pair in zip(samples, said, strict=True) if _wrong(*pair)]
        assert wrong == [], settings


@pytest.mark.parametrize("rule", sorted(FAMILY.rules))
def test_they_keep_it_when_hypothesis_draws(rule: str) -> None:
    def sample(choices: Choices) -> Sample:
        return FAMILY.rules[rule](choices, STRICT)

    @hypothesis_settings(max_examples=50, suppress_health_check=list(HealthCheck))
    @given(strategy(sample))
    def check(sample: Sample) -> None:
        [said] = _denying(STRICT, [sample.document])
        assert not _wrong(sample, said)

    check()


def test_every_flaw_and_state_turns_up() -> None:
    chance = Chance(1)
    rules = list(FAMILY.rules.values())
    samples = [chance.one_of(rules)(chance, STRICT) for _ in range(8000)]
    found = {sample.defect.name for sample in samples if sample.defect}
    names = {flaw.name for flaw in flaws.FLAWS} | set(cases.STATES[-6:])
    assert names | {"sha512", "no-pod", "no-object", "deep-list"} == found


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("digest.image_pinned", '"workloadRef"'),
        ("digest.values_pinned", '"PatchTransformer"'),
        ("digest.values_pinned", '"postRenderers": [{"kustomize": {"patches": []}}, {'),
        ("digest.values_pinned", '"helm.fluxcd.io/v1"'),
        ("digest.values_pinned", '"envoy": {"image": '),
        ("digest.env_image_pinned", '"kind": "Package", "metadata": {"name": "o"}, "spec": {}'),
        ("digest.env_image_pinned", 'IMAGE_2"'),
        ("digest.env_image_pinned", '"IMAGE_URL"'),
        ("digest.registry_allowed", '"mirror.gcr.io/library/busybox'),
        ("digest.registry_allowed", '"evil.example.net/docker.io/library/busybox'),
        ("digest.registry_allowed", '"ghcr.io/or"'),
    ],
)
def test_defects_stand_where_an_error_in_a_rule_would_be_missed(rule: str, text: str) -> None:
    chance = Chance(2)
    samples = [FAMILY.rules[rule](chance, STRICT) for _ in range(1200)]
    assert any(text in json.dumps(sample.document) for sample in samples if sample.defect)


def test_a_sidecar_without_an_image_may_stand_beside_a_template_of_steps() -> None:
    chance = Chance(2)
    [place] = [one for one in runs.places() if (one.group, one.name) == ("Tekton", "sidecar")]
    missing = place.special[MISSING]
    documents = [missing(chance, "Task", lambda _: "ghcr.io/org/app") for _ in range(20)]
    assert any("stepTemplate" in document["spec"] for document in documents)


@pytest.mark.parametrize(
    "text", ['"comparedTo": {"source": {', '"history": [{"id": 1, "source": {']
)
def test_what_is_reported_of_an_application_stands_beside_what_is_sound(text: str) -> None:
    chance = Chance(2)
    samples = [FAMILY.rules["digest.values_pinned"](chance, STRICT) for _ in range(600)]
    assert any(text in json.dumps(sample.document) for sample in samples if not sample.defect)


@pytest.mark.parametrize("number", range(6))
def test_what_is_near_a_registry_is_not_what_it_allows(number: int) -> None:
    entries = tuple(some(Chance(number), ENTRIES, least=1))
    for entry in entries:
        ways = registries.lookalikes(entry, entries)
        near = [*registries.neighbours(entry, entries), *(name for way in ways for name in way)]
        assert near
        assert not [name for name in near if registries.is_allowed(entries, name)]
        around = registries.cut_short(entry, entries)
        assert bool(around) == bool(registries.named(entry).path)
        assert not [name for name in around if registries.is_around(entries, name)]


def test_a_failure_shrinks_to_a_short_document_with_a_tag() -> None:
    def sample(choices: Choices) -> Sample:
        return FAMILY.rules["digest.image_pinned"](choices, {})

    def is_no_digest(sample: Sample) -> bool:
        return sample.defect is not None and sample.defect.name == "tag"

    document = find(strategy(sample), is_no_digest).document
    assert "ghcr.io/org/app:1.4.2" in json.dumps(document)
    assert len(json.dumps(document)) < 400


def test_the_simplest_settings_are_none() -> None:
    assert find(strategy(FAMILY.settings), lambda _: True) == {}


def test_settings_are_what_a_settings_file_may_say(tmp_path: Path) -> None:
    for number in range(60):
        given = FAMILY.settings(Chance(number))
        path = tmp_path / "policylib.yaml"
        path.write_text(json.dumps({"version": 1, **given}))
        assert policylib.load(settings=path).data.get("digest") == given.get("digest")


def test_settings_that_accept_nothing_are_refused() -> None:
    with pytest.raises(SettingsError, match="accept no image"):
        terms.terms({"digest": {"algorithms": []}})


def test_anything_holds_samples_and_strays() -> None:
    chance = Chance(3)
    samples = [FAMILY.anything(chance, STRICT) for _ in range(500)]
    said = _denying(STRICT, [sample.document for sample in samples])
    known = [pair for pair in zip(samples, said, strict=True) if not pair[0].stray]
    assert [pair for pair in known if _wrong(*pair)] == []
    assert 100 < len(known) < 400
