"""Strategies: what is drawn is as sound or as broken as it says, under the settings given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import policylib
from policylib import rules as rule_files
from policylib import testing
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import RuleError, SettingsError
from policylib.generate import FAMILIES, family, workloads
from policylib.generate.choices import Chance
from policylib.generate.sample import Sample
from policylib.settings import files
from policylib.testing import sources, strategies
from tests import tools

FAMILY_OF = {
    "workloads": "digest",
    "image_references": "digest",
    "helm_values": "digest",
    "transfer_requests": "residency",
    "terraform_plans": "residency",
    "catalogs": "tier",
    "image_facts": "provenance",
}
NAMED = {name: getattr(testing, name) for name in FAMILY_OF}
ENGINES: dict[str, RegorusEngine] = {}
Strategy = Callable[..., SearchStrategy[Sample]]


def denials(under: str, known: Any, sample: Sample) -> set[str]:
    """The rules that deny a sample, which may be an image alone."""
    data = {"settings": known, "facts": {"images": dict(sample.facts)}}
    if under not in ENGINES:
        ENGINES[under] = RegorusEngine(rule_files.load().modules, data)
    engine = RegorusEngine(rule_files.load().modules, data) if sample.facts else ENGINES[under]
    document = sample.document
    if isinstance(document, str):
        containers = [{"name": "a", "image": document}]
        document = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": containers}}
    [answer] = engine.evaluate(DECISION, [{"review": {"object": document}}])
    assert isinstance(answer, Value), answer
    return {violation["rule"] for violation in answer.value if violation["enforcement"] == "deny"}


@pytest.mark.parametrize("name", NAMED)
@given(data=st.data(), broken=st.sampled_from([None, True, False]))
@settings(max_examples=25)
def test_each_is_as_sound_as_it_says(name: str, data: st.DataObject, broken: bool | None) -> None:
    sample = data.draw(NAMED[name](broken=broken))
    assert broken is None or broken == (sample.defect is not None)
    denied = denials(name, sources.simplest(FAMILY_OF[name]), sample)
    if sample.defect is None:
        assert not {rule for rule in denied if rule.startswith(FAMILY_OF[name])}
    else:
        assert sample.defect.rule in denied
        assert sample.defect.what


def test_workloads_are_of_every_kind_that_runs_pods() -> None:
    under = sources.simplest("digest")
    drawn = [sources.workload(Chance(f"kinds {number}"), under) for number in range(400)]
    assert {sample.document["kind"] for sample in drawn} >= set(workloads.ALL)


@pytest.mark.parametrize("name", FAMILIES)
@given(data=st.data())
@settings(max_examples=12)
def test_inputs_of_a_family_and_of_a_rule(name: str, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(sorted(family(name).rules)))
    sample = data.draw(testing.inputs(data.draw(st.sampled_from([name, rule])), broken=True))
    assert sample.defect is not None
    assert sample.defect.rule in denials(name, sources.simplest(name), sample)


@given(data=st.data(), broken=st.booleans())
@settings(max_examples=25)
def test_a_policys_own_settings_count(data: st.DataObject, broken: bool) -> None:
    policy = _policy()
    sample = data.draw(testing.transfer_requests(policy, broken=broken))
    assert policy.check(json.dumps(sample.document).encode(), name="a.json").allowed != broken
    assert data.draw(testing.transfer_requests(policy.data)).document["kind"] in {
        "EgressEvent",
        "TransferRequest",
    }


def _policy() -> policylib.Policy:
    if not POLICIES:
        POLICIES.append(policylib.load(settings=tools.ROOT / "fixtures/residency/settings.yaml"))
    return POLICIES[0]


POLICIES: list[policylib.Policy] = []


@given(sample=testing.exceptions("digest.image_pinned"))
@settings(max_examples=40)
def test_files_of_exceptions(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = Path(str(tmp_path_factory.getbasetemp())) / "exceptions.yaml"
    path.write_text(json.dumps(sample.document), encoding="utf-8")
    known = rule_files.load().known()
    if sample.defect is None:
        assert files.exceptions(path, known)
    elif sample.defect.name != "expired":  # such a file is fine; the entry lets nothing through
        with pytest.raises(SettingsError):
            files.exceptions(path, known)


@given(sample=testing.settings())
@settings(max_examples=40)
def test_settings_files(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = Path(str(tmp_path_factory.getbasetemp())) / "policylib.yaml"
    path.write_text(json.dumps(sample.document), encoding="utf-8")
    known = rule_files.load().known()
    if sample.defect is None:
        assert files.parse(path, known).families.keys() <= set(FAMILIES)
    else:
        with pytest.raises(SettingsError):
            files.parse(path, known)


@pytest.mark.parametrize("about", ["tear", "digest.image_pined", "", "digest."])
def test_what_is_not_generated_is_an_error(about: str) -> None:
    with pytest.raises(RuleError, match="no inputs are generated for"):
        testing.inputs(about)
    with pytest.raises(RuleError, match="no rule is called"):
        testing.exceptions(about)


def test_every_strategy_is_public() -> None:
    own = {
        name
        for name, value in vars(strategies).items()
        if callable(value) and getattr(value, "__module__", "") == strategies.__name__
    }
    assert {name for name in own if not name.startswith("_")} <= set(testing.__all__)
    for name in testing.__all__:
        assert getattr(testing, name)
