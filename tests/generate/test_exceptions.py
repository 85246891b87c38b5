"""Generated exceptions: sound ones load, defects are found, and those for a violation cover it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import policylib
from policylib import rules, settings
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import SettingsError
from policylib.exceptions import has_expired
from policylib.generate import exceptions
from policylib.generate.choices import Chance
from policylib.models import PolicyException

RULES = sorted(rules.load().rules)
KNOWN = rules.load().known()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DIGEST = "sha256:" + "0a" * 32
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "containers": [
            {"name": "a", "image": "nginx:1"},
            {"name": "b", "image": f"Nginx@{DIGEST}"},
        ]
    },
}


def loaded(raw: Any, folder: Path) -> tuple[PolicyException, ...]:
    path = folder / "exceptions.yaml"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return settings.exceptions(path, KNOWN)


@pytest.mark.parametrize("seed", range(60))
def test_a_file_is_refused_exactly_when_it_has_a_defect(seed: int, tmp_path: Path) -> None:
    found = exceptions.sample(Chance(seed), RULES)
    if found.defect is None:
        assert not any(has_expired(one, NOW) for one in loaded(found.document, tmp_path))
    elif found.defect.name == "expired":
        assert any(has_expired(one, NOW) for one in loaded(found.document, tmp_path))
    else:
        with pytest.raises(SettingsError):
            loaded(found.document, tmp_path)


@pytest.mark.parametrize("name", sorted(exceptions.DEFECTS.keys() - {"expired"}))
def test_every_defect_is_refused(name: str, tmp_path: Path) -> None:
    target = {"kind": "Deployment", "namespace": "shop", "name": "web"}
    entry = exceptions.entry(Chance(0), RULES[0], target)
    document = {"version": 1, "exceptions": [entry]}
    assert loaded(document, tmp_path)
    _, spoil = exceptions.DEFECTS[name]
    spoil(document, entry)
    with pytest.raises(SettingsError):
        loaded(document, tmp_path)


def excepted(entries: list[Any]) -> list[bool]:
    """Of each violation of the pod, whether an exception covers it."""
    data = {"settings": {"exceptions": entries}}
    engine = RegorusEngine(policylib.load().rules.modules, data)
    [answer] = engine.evaluate(DECISION, [{"review": {"object": POD}}])
    assert isinstance(answer, Value)
    return [one["enforcement"] == "excepted" for one in answer.value]


def violations() -> list[Any]:
    engine = RegorusEngine(policylib.load().rules.modules, {"settings": {}})
    [answer] = engine.evaluate(DECISION, [{"review": {"object": POD}}])
    assert isinstance(answer, Value)
    found: list[Any] = answer.value
    return found


def test_entries_for_a_violation_mostly_cover_it_and_sometimes_miss_it() -> None:
    first = violations()[0]
    made = [exceptions.about(Chance(seed), first) for seed in range(60)]
    covering = [any(excepted([entry])) for entry in made]
    assert all(made)
    assert 20 < sum(covering) < 50


def test_what_has_nothing_to_be_named_by_gets_no_entry() -> None:
    bare = {**violations()[0], "resource": dict.fromkeys(("kind", "namespace", "name"), "")}
    assert exceptions.about(Chance(0), {**bare, "details": {}}) is None
