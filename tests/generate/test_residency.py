"""Generated inputs of the residency family deserve what their samples say."""

from __future__ import annotations

import functools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

import policylib
from policylib import evaluate, rules
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.generate import family
from policylib.generate.choices import Chance, Choices, Turns
from policylib.generate.drawn import strategy
from policylib.generate.residency import FAMILY, names, permits, terraform
from policylib.generate.residency.said import Said
from policylib.generate.sample import Sample, Settings
from policylib.settings import files
from tests import tools

OWN = rules.load()
MODULES = OWN.modules
FIXTURES = tools.ROOT / "fixtures" / "residency" / "settings.yaml"
RULES = sorted(FAMILY.rules)
ROUNDS, EACH = 6, 70


def _said(found: Settings, samples: list[Sample]) -> list[set[str]]:
    """The rules of the family that deny each sample."""
    return _denying(_engine(json.dumps(found, sort_keys=True)), samples)


def _denying(engine: RegorusEngine, samples: list[Sample]) -> list[set[str]]:
    answers = engine.evaluate(DECISION, [{"review": {"object": one.document}} for one in samples])
    said = []
    for answer in answers:
        assert isinstance(answer, Value), answer
        said.append({v["rule"] for v in answer.value if v["rule"].startswith("residency.")})
    return said


@functools.lru_cache(maxsize=2 * ROUNDS)
def _engine(found: str) -> RegorusEngine:
    """An engine for settings: loading the rules takes as long as judging dozens of documents."""
    return evaluate.engine(OWN, json.loads(found))


def _plain(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _deserved(sample: Sample, said: set[str]) -> bool:
    return sample.defect.rule in said if sample.defect else not said


@functools.cache
def _settings(number: int) -> Settings:
    """Those of the fixtures, then generated ones."""
    if number == 0:
        return policylib.load(settings=FIXTURES).data
    return FAMILY.settings(Chance(number))


def test_the_family_is_found_by_its_name() -> None:
    assert family("residency") is FAMILY
    assert set(FAMILY.rules) == {id_ for id_ in rules.load().rules if id_.startswith("residency.")}


@pytest.mark.parametrize("rule", RULES)
def test_what_is_sound_is_allowed_and_a_defect_is_denied_by_its_rule(rule: str) -> None:
    counted: Counter[bool] = Counter()
    defects: set[str] = set()
    for number in range(ROUNDS):
        found, chance = _settings(number), Chance(f"{rule}/{number}")
        samples = [FAMILY.rules[rule](chance, found) for _ in range(EACH)]
        for sample, said in zip(samples, _said(found, samples), strict=True):
            assert _deserved(sample, said), (found, sample, said)
            assert not sample.stray
            counted[rule in said] += 1
            if sample.defect:
                assert sample.defect.rule == rule
                defects.add(sample.defect.name)
    assert min(counted.values()) * 7 >= ROUNDS * EACH, counted
    assert len(defects) >= 4


def _lib(name: str) -> str:
    return f"policylib/lib/{name}/{name}.rego"


MISTAKES = {
    "a stray key that is allowed": (
        "egress_allowed",
        _lib("transfers_keys"),
        "keys(body) - body_keys)",
        'keys(body) - (body_keys | {"replicas"}))',
    ),
    "regions of the catalog that do not narrow": (
        "region_allowed",
        _lib("residency_workloads"),
        "not regions.includes(known, location.value)\n",
        "not regions.includes(known, location.value)\n\tfalse\n",
    ),
    "an operator that is turned around": (
        "region_allowed",
        _lib("residency_nodes"),
        '"Exists", "NotIn"}',
        '"Exists"}',
    ),
    "a node's name that is not read": (
        "region_allowed",
        _lib("residency_nodes"),
        '"nodeName")\n\t',
        '"x")\n\t',
    ),
    "a link that is not followed": (
        "storage_allowed",
        _lib("terraform_aws"),
        '"replication_configuration.rules.destination.bucket": ',
        '"replication.rules.destination.bucket": ',
    ),
    "a default that is not assumed": (
        "storage_allowed",
        _lib("terraform_azure"),
        '"assumed": {"storage_mode_type": "GeoRedundant"}',
        '"assumed": {}',
    ),
    "tags of a provider that do not count": (
        "storage_allowed",
        _lib("terraform_storage"),
        "terraform_tags.defaults(store.given, key)",
        "set()",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_rule_shows_in_a_few_hundred_inputs(name: str) -> None:
    rule, path, old, new = MISTAKES[name]
    assert MODULES[path].count(old) == 1
    engine = RegorusEngine(
        {**MODULES, path: MODULES[path].replace(old, new)}, {"settings": _settings(0)}
    )
    chance = Chance(name)
    for _ in range(10):
        samples = [FAMILY.rules[f"residency.{rule}"](chance, _settings(0)) for _ in range(100)]
        for sample, said in zip(samples, _denying(engine, samples), strict=True):
            if not _deserved(sample, said):
                return
    raise AssertionError("no input shows it")


def test_what_hypothesis_draws_deserves_the_same() -> None:
    drawn: list[Sample] = []

    def draw(choices: Choices) -> Sample:
        return FAMILY.rules[choices.one_of(RULES)](choices, _settings(7))

    @_plain(300)
    @given(strategy(draw))
    def collect(sample: Sample) -> None:
        drawn.append(sample)

    collect()
    assert sum(sample.defect is not None for sample in drawn) > 50
    for sample, said in zip(drawn, _said(_settings(7), drawn), strict=True):
        assert _deserved(sample, said), (sample, said)


def test_so_does_what_it_draws_under_settings_that_it_draws() -> None:
    def draw(choices: Choices) -> tuple[Settings, Sample]:
        found = FAMILY.settings(choices)
        return found, FAMILY.rules[choices.one_of(RULES)](choices, found)

    @_plain(40)
    @given(strategy(draw))
    def check(drawn: tuple[Settings, Sample]) -> None:
        found, sample = drawn
        [said] = _said(found, [sample])
        assert _deserved(sample, said), (found, sample, said)

    check()


def test_the_smallest_defect_is_small() -> None:
    found = _settings(0)
    made = strategy(lambda choices: FAMILY.rules["residency.region_allowed"](choices, found))
    smallest = find(
        made,
        lambda sample: sample.defect is not None and sample.defect.name == "elsewhere",
        settings=settings(database=None, derandomize=True, max_examples=2000),
    )
    assert len(json.dumps(smallest.document)) < 700
    assert smallest.document["kind"] in {"Deployment", "TransferRequest"}


@pytest.mark.parametrize("number", range(1, 30))
def test_generated_settings_are_sound(number: int, tmp_path: Path) -> None:
    found = dict(FAMILY.settings(Chance(number)))
    if "catalog" in found:
        catalog = tmp_path / "catalog.yaml"
        catalog.write_text(json.dumps(found["catalog"]))
        found["catalog"] = catalog.name
    path = tmp_path / "policylib.yaml"
    path.write_text(json.dumps({"version": 1, **found}))
    read = files.parse(path, rules.load().known()).data(None)
    assert read["residency"] == found["residency"]


def test_anything_is_judged_and_denied_as_often_as_allowed() -> None:
    counted: Counter[tuple[str, bool]] = Counter()
    for number in range(6):
        found, chance = _settings(number), Chance(number)
        samples = [FAMILY.anything(chance, found) for _ in range(150)]
        for sample, said in zip(samples, _said(found, samples), strict=True):
            assert sample.stray or _deserved(sample, said)
            counted.update((rule, rule in said) for rule in RULES)
            counted["stray", sample.stray] += 1
    assert all(counted[rule, said] >= 9 for rule in RULES for said in (True, False)), counted
    assert min(counted["stray", True], counted["stray", False]) > 200


def test_the_same_seed_makes_the_same() -> None:
    found = _settings(0)

    def some(seed: int) -> list[Any]:
        chance = Chance(seed)
        return [FAMILY.anything(chance, found).document for _ in range(50)]

    assert some(3) == some(3)
    assert some(3) != some(4)


@pytest.mark.parametrize("place", names.KNOWN)
def test_every_spelling_stands_for_its_place(place: str) -> None:
    assert {names.place(text) for text in names.spellings(place)} == {place}
    assert names.is_known(names.zone(place))


def test_a_list_excludes_all_that_it_does_not_name() -> None:
    lists = {"pii": ["us-east-1"], "x": ["Sweden Central", "us-moon-1"], "none": ["us-moon-1"]}
    found = {"residency": {"allowed_regions": lists}}
    assert permits.elsewhere(found, ["us-east-1"])[:2] == ["swedencentral", "us-east-2"]
    assert set(permits.elsewhere(found, ["us-east-1"])) == set(names.KNOWN) - {"us-east-1"}
    assert set(permits.elsewhere(found, ["us-moon-1"])) == set(names.KNOWN)
    assert "eur4" not in permits.elsewhere(found, ["europe-north1", "europe-west4"])
    assert permits.places(found, ["x"]) == ["swedencentral"]
    assert permits.classes(found) == ["pii", "x"]


ANYWHERE: Settings = {
    "residency": {
        "allowed_regions": {"pii": ["eu-west-2"], "logs": ["francecentral", "europe-west1"]},
        "tenants": {"acme": ["eu-west-2"], "nobody": ["europe-west1"], "umbrella": ["us-west1"]},
        "pipelines": [
            {
                "name": "lake",
                "data_class": "pii",
                "from": "eu-west-2",
                "to": "us-central1",
                "dpia": "DPIA-1",
                "owner": "data",
                "expires": "2098-12-31",
            },
            {
                "name": "old",
                "data_class": "logs",
                "from": "europe-west1",
                "to": "eu-west-3",
                "dpia": "DPIA-2",
                "owner": "data",
                "expires": "2020-12-31",
            },
        ],
    }
}


@pytest.mark.parametrize("rule", RULES)
def test_defects_are_drawn_wherever_the_settings_have_their_regions(rule: str) -> None:
    made = [FAMILY.rules[rule](Turns(rule, number), ANYWHERE) for number in range(300)]
    drawn = {sample.defect.name for sample in made if sample.defect}
    needs = {"pipeline-misplaced", "outside-the-service", "not-of-the-service", "one-tenant-of-two"}
    assert {one.name for one in FAMILY.defects[rule]} - drawn <= needs
    for sample, said in zip(made, _said(ANYWHERE, made), strict=True):
        assert _deserved(sample, said), (sample, said)


def test_what_the_matrix_draws_for_a_rule_has_a_turn_for_each_kind() -> None:
    made = [FAMILY.rules["residency.storage_allowed"](Turns("x", n), ANYWHERE) for n in range(300)]
    written = json.dumps([sample.document for sample in made if sample.defect])
    assert all(f'"{kind}"' in written for kind in terraform.HOMELESS)


@pytest.mark.parametrize(
    ("place", "prefixes"),
    [
        ("eu-west-2", {"aws"}),
        ("EU", {"google", "kubernetes"}),
        ("europe-west1-b", {"google"}),
        ("France Central", {"azurerm"}),
        ("us-moon-1", {"aws", "azurerm", "google", "kubernetes"}),
    ],
)
def test_a_place_meets_the_types_of_its_provider(place: str, prefixes: set[str]) -> None:
    assert {kind.split("_")[0] for kind in terraform.types(place)} == prefixes
    for kind in terraform.types(place):
        said = Said(("pii",), (place,))
        assert terraform.resource(Chance(kind), ANYWHERE, said, kind).type == kind


@pytest.mark.parametrize("rule", RULES)
def test_settings_that_offer_nothing_still_give_what_is_sound(rule: str) -> None:
    found: Settings = {"residency": {}}
    samples = [FAMILY.rules[rule](Chance(number), found) for number in range(40)]
    for sample, said in zip(samples, _said(found, samples), strict=True):
        assert _deserved(sample, said)
