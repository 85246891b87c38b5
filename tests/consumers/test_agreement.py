"""One source, one verdict: regorus, OPA, conftest and gator on fixtures and generated documents."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from policylib import examples, generate
from policylib import rules as rule_files
from policylib.engine.regorus import RegorusEngine
from policylib.examples import AGREE, Case, Group
from policylib.parity.agreement import Tally, compare, judge, smallest
from policylib.parity.peers import (
    Breach,
    LibraryPeer,
    Outcome,
    Peer,
    Refusal,
    Verdict,
    engines,
)
from policylib.parity.run import CARRYING, Plan, run
from policylib.parity.text import difference
from policylib.parity.work import Setup
from policylib.rules import RuleSet
from tests import tools
from tests.parity import programs

EXAMPLES = int(os.environ.get("POLICYLIB_PARITY_EXAMPLES", "1500"))
SEED = os.environ.get("POLICYLIB_PARITY_SEED", "0")
FIXTURES = tools.ROOT / "fixtures"

# The part of the documents that an engine has to be comparable on.
FLOORS = {"regorus": 1.0, "opa": 1.0, "conftest": 0.9, "gator": 0.6}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return rule_files.load()


GROUPS = examples.groups(FIXTURES, rule_files.load())


@pytest.mark.parametrize("group", GROUPS, ids=[group.name for group in GROUPS])
def test_examples_and_bypasses(
    group: Group, rules: RuleSet, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Every engine says the same, and what the case deserves."""
    peers = engines(rules, group.settings, group.facts, tmp_path, programs.built())
    tally = compare(peers, group.documents)
    assert tally.different == [], [group.documents[index] for index in tally.different]
    record_property("parity", f"{group.name}: " + "\n".join(tally.lines()))
    for peer in ("regorus", "opa"):
        assert tally.compared[peer] == tally.documents, list(tally.lines())
    outcomes = iter(peers[0].judge(group.documents))
    wrong = [
        f"{case.name} ({case.rule} {verdict}, not {case.verdict}): {case.why}"
        for case in group.cases
        if (verdict := _verdict(case, [next(outcomes) for _ in case.documents])) != case.verdict
        and case.verdict != AGREE
    ]
    assert wrong == []


def _verdict(case: Case, outcomes: list[Outcome]) -> str:
    if case.refused or any(isinstance(outcome, Refusal) for outcome in outcomes):
        return "deny"
    breached = (b.rule for o in outcomes if isinstance(o, Verdict) for b in o.breaches)
    return "deny" if case.rule in breached else "allow"


def test_there_are_enough_bypasses_and_neighbours() -> None:
    bypasses = f"{FIXTURES.name}/{examples.BYPASS}/"
    found = [case for case in examples.cases(FIXTURES) if case.name.startswith(bypasses)]
    assert sum(case.verdict == "deny" for case in found) >= 300
    assert sum(case.verdict == "allow" for case in found) >= 100


@pytest.mark.parametrize("family", generate.FAMILIES)
def test_generated(family: str, record_property: Callable[[str, object], None]) -> None:
    few = EXAMPLES // 8 if family in CARRYING else EXAMPLES
    inputs = {"regorus": EXAMPLES, "opa": EXAMPLES, "conftest": few, "gator": few}
    found = run(Plan(Setup(SEED, programs.built()), inputs, (family,), examples=False))
    assert found.agreed, "\n".join(difference(found.differences[0], f"{family}, seed {SEED}"))
    tally = found.families[family].tally
    record_property("parity", f"{family} (seed {SEED}): " + "\n".join(tally.lines()))
    assert_floors(tally, {name: count / EXAMPLES for name, count in inputs.items()})


def assert_floors(tally: Tally, asked: Mapping[str, float]) -> None:
    """A comparison counts only when most documents reach every engine, and verdicts vary."""
    assert min(tally.denied + tally.warned, tally.allowed) > tally.documents // 20
    for peer, floor in FLOORS.items():
        assert tally.share(peer) >= floor * asked[peer], list(tally.lines())


class _Stubborn:
    """Denies what any other allows, as soon as the word is in it."""

    name = "stubborn"

    def __init__(self, peer: Peer, word: str) -> None:
        self._peer = peer
        self._word = word

    def hears(self, breach: Breach) -> bool:
        return True

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
    tally = compare(pair, [{"apiVersion": "v1", "kind": "ConfigMap"}, pod])
    assert tally.different == [1]
    found = smallest(pair, pod)
    assert len(json.dumps(found)) < len(json.dumps(pod)) / 2
    first, second = judge(pair, [found])[0]
    assert first != second
