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

from policylib import _native
from policylib import rules as rule_files
from policylib.engine.opa import OpaEngine
from policylib.engine.regorus import RegorusEngine
from policylib.rules import RuleSet
from tests import tools
from tests.parity import strategies
from tests.parity.agreement import Tally, compare, judge, smallest
from tests.parity.peers import ConftestPeer, GatorPeer, LibraryPeer, Outcome, Peer, Verdict

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
    chosen = SETTINGS[request.param]
    data = {"settings": chosen}
    return [
        LibraryPeer(RegorusEngine(rules.modules, data)),
        LibraryPeer(OpaEngine(rules.modules, data, tools.path("opa"))),
        ConftestPeer(rules, chosen, tmp_path_factory.mktemp("conftest") / "bundle"),
        GatorPeer(rules, chosen, tmp_path_factory.mktemp("gator")),
    ]


def fixtures() -> list[tuple[Path, Any]]:
    """Every document of every fixture, as the reader normalises it."""
    found: list[tuple[Path, Any]] = []
    for path in sorted((tools.ROOT / "fixtures").glob("*/*/*/*.yaml")):
        documents, problems = _native.normalise(str(path), path.read_bytes())
        assert not problems, problems
        found += [(path, json.loads(document)) for document in documents]
    return found


@functools.cache
def generated(count: int) -> list[Any]:
    """Documents from the strategies; the same ones for the same seed."""
    found: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.documents())
    def collect(document: Any) -> None:
        found.append(document)

    collect()
    return found


def test_fixtures(peers: list[Peer], record_property: Callable[[str, object], None]) -> None:
    cases = fixtures()
    tally = compare(peers, [document for _, document in cases])
    record_property("parity", "fixtures: " + "\n".join(tally.lines()))
    assert tally.documents > 0
    for peer in ("regorus", "opa", "conftest"):
        assert tally.compared[peer] == tally.documents, list(tally.lines())
    assert tally.refused == []


def test_fixtures_get_the_verdict_of_their_folder(rules: RuleSet) -> None:
    cases = fixtures()
    engine = RegorusEngine(rules.modules, {})
    outcomes = LibraryPeer(engine).judge([document for _, document in cases])
    denied: dict[Path, bool] = {}
    for (path, _), outcome in zip(cases, outcomes, strict=True):
        assert isinstance(outcome, Verdict)
        rule = ".".join(path.parts[-4:-2])
        breached = any(breach.rule == rule for breach in outcome.breaches)
        denied[path] = denied.get(path, False) or breached
    assert denied == {path: path.parent.name == "deny" for path in denied}


def test_generated(peers: list[Peer], record_property: Callable[[str, object], None]) -> None:
    tally = compare(peers, generated(EXAMPLES))
    record_property("parity", f"generated (seed {SEED}): " + "\n".join(tally.lines()))
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
