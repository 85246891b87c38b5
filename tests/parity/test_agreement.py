"""One source, one verdict: regorus, OPA, conftest and gator on fixtures and generated documents."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from policylib import rules as rule_files
from policylib.engine.regorus import RegorusEngine
from policylib.parity.agreement import Tally, compare, judge, smallest
from policylib.parity.peers import LibraryPeer, Outcome, Peer, Refusal, Verdict, engines
from policylib.rules import RuleSet
from tests.parity import cases, families, programs, strategies
from tests.parity.cases import Case, Group

EXAMPLES = int(os.environ.get("POLICYLIB_PARITY_EXAMPLES", "1500"))
SEED = int(os.environ.get("POLICYLIB_PARITY_SEED", "0"))
FLOORS = {"regorus": 1.0, "opa": 1.0, "conftest": 0.95, "gator": 0.8}

# The least that is allowed, and the most.
SETTINGS: dict[str, dict[str, Any]] = {
    "strict": {},
    "relaxed": {
        "digest": {"algorithms": ["sha256", "sha512"], "trust_values_from": True},
        "enforcement": {"stage": {"digest.image_pinned": "warn"}},
        "environment": "stage",
    },
}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return rule_files.load()


@pytest.fixture(scope="module", params=SETTINGS)
def peers(
    request: pytest.FixtureRequest, rules: RuleSet, tmp_path_factory: pytest.TempPathFactory
) -> list[Peer]:
    return engines(
        rules, SETTINGS[request.param], None, tmp_path_factory.mktemp("peers"), programs.built()
    )


@functools.cache
def generated(count: int, source: Callable[[], SearchStrategy[Any]]) -> list[Any]:
    """Documents from a strategy; the same ones for the same seed."""
    found: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(source())
    def collect(document: Any) -> None:
        found.append(document)

    collect()
    return found


GROUPS = cases.groups()


@pytest.mark.parametrize("group", GROUPS, ids=[group.name for group in GROUPS])
def test_examples_and_bypasses(
    group: Group, rules: RuleSet, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Every engine says the same, and what the case deserves."""
    peers = engines(rules, group.settings, group.facts, tmp_path, programs.built())
    tally = compare(peers, group.documents)
    record_property("parity", f"{group.name}: " + "\n".join(tally.lines()))
    for peer in ("regorus", "opa"):
        assert tally.compared[peer] == tally.documents, list(tally.lines())
    outcomes = iter(peers[0].judge(group.documents))
    wrong = [
        f"{case.name} ({case.rule} {verdict}, not {case.verdict}): {case.why}"
        for case in group.cases
        if (verdict := _verdict(case, [next(outcomes) for _ in case.documents])) != case.verdict
    ]
    assert wrong == []


def _verdict(case: Case, outcomes: list[Outcome]) -> str:
    if case.refused or any(isinstance(outcome, Refusal) for outcome in outcomes):
        return "deny"
    breached = (b.rule for o in outcomes if isinstance(o, Verdict) for b in o.breaches)
    return "deny" if case.rule in breached else "allow"


def test_there_are_enough_bypasses_and_neighbours() -> None:
    found = [c for path in cases.BYPASS.rglob("*.yaml") for c in cases.contents(path)["cases"]]
    assert sum(case["verdict"] == "deny" for case in found) >= 300
    assert sum(case["verdict"] == "allow" for case in found) >= 100


def test_generated(peers: list[Peer], record_property: Callable[[str, object], None]) -> None:
    tally = compare(peers, generated(EXAMPLES, strategies.documents))
    record_property("parity", f"generated (seed {SEED}): " + "\n".join(tally.lines()))
    assert_floors(tally)


def test_generated_for_every_family(
    rules: RuleSet, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    peers = engines(rules, families.SETTINGS, None, tmp_path, programs.built())
    documents = generated(EXAMPLES, families.documents)
    tally = compare(peers, documents)
    record_property("parity", f"every family (seed {SEED}): " + "\n".join(tally.lines()))
    assert_floors(tally)


def assert_floors(tally: Tally) -> None:
    """A comparison counts only when most documents reach every engine, and verdicts vary."""
    for peer, floor in FLOORS.items():
        assert tally.share(peer) >= floor, list(tally.lines())


class _Stubborn:
    """Denies what any other allows, as soon as the word is in it."""

    name = "stubborn"

    def __init__(self, peer: Peer, word: str) -> None:
        self._peer = peer
        self._word = word

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        outcomes = self._peer.judge(documents)
        return [
            Verdict(frozenset()) if self._word in json.dumps(document) else outcome
            for document, outcome in zip(documents, outcomes, strict=True)
        ]


def test_a_difference_is_found_and_made_small(rules: RuleSet) -> None:
    peer = LibraryPeer(RegorusEngine(rules.modules, {"settings": {}}))
    pair: list[Peer] = [peer, _Stubborn(peer, "needle")]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "labels": {"b": "c"}},
        "spec": {"containers": [{"name": "x", "image": "nginx"}, {"name": "needle", "image": "y"}]},
    }
    with pytest.raises(AssertionError, match="needle"):
        compare(pair, [{"apiVersion": "v1", "kind": "ConfigMap"}, pod])
    found = smallest(pair, pod)
    assert len(json.dumps(found)) < len(json.dumps(pod)) / 2
    first, second = judge(pair, [found])[0]
    assert first != second
