"""A run: what it asks, what it makes of a difference, and of an engine that dies."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from policylib import examples, rules
from policylib.engine.interface import Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError
from policylib.parity import inputs, keeping, pool
from policylib.parity.outcomes import Refusal, Unreadable
from policylib.parity.peers import ENGINES, peer
from policylib.parity.pool import Lost
from policylib.parity.programs import PROVEN, program
from policylib.parity.run import CARRYING, PIECE, SHARES, Plan, tasks
from policylib.parity.work import Difference, Part, Setup
from tests import tools
from tests.parity import programs

RULES = sorted(rules.load().rules)


def plan(counts: dict[str, int], **more: Any) -> Plan:
    families = ("digest", "provenance", "residency", "tier")
    return Plan(Setup("0", {}), counts, families, examples=False, **more)


def test_every_engine_judges_as_many_inputs_as_asked_and_the_first_as_many_as_any() -> None:
    counts = {"regorus": 10, "opa": 10_001, "conftest": 900, "gator": 300}
    judged = dict.fromkeys(counts, 0)
    for task in tasks(plan(counts)):
        for name in task.engines:
            judged[name] += task.last - task.first
    assert judged["opa"] == judged["regorus"]
    for name in ("opa", "conftest", "gator"):
        assert counts[name] <= judged[name] < counts[name] + 4


def test_each_family_has_its_share() -> None:
    judged = dict.fromkeys(SHARES, 0)
    for task in tasks(plan({"regorus": 0, "opa": 48_000})):
        assert isinstance(task, Part)
        judged[task.family] += task.last - task.first
    assert judged == {"digest": 32_000, "residency": 8000, "provenance": 4000, "tier": 4000}


def test_parts_of_a_batch_follow_each_other() -> None:
    ends: dict[tuple[str, int], int] = {}
    for task in tasks(plan({"regorus": 0, "opa": 24_000, "gator": 10_000})):
        assert isinstance(task, Part)
        whole = (task.family, task.number)
        assert task.first == ends.get(whole, 0)
        ends[whole] = task.last
        if "gator" in task.engines and task.family in CARRYING:
            assert task.last - task.first <= PIECE
    judged = {family: sum(n for (one, _), n in ends.items() if one == family) for family in SHARES}
    assert judged == {"digest": 16_000, "residency": 4000, "provenance": 2000, "tier": 2000}
    assert set(ends.values()) <= {inputs.SIZE, 2000}


def test_a_batch_is_the_same_again_and_a_shorter_one_begins_like_it() -> None:
    whole = inputs.batch("7", "tier", 3, RULES, count=60)
    again = inputs.batch("7", "tier", 3, RULES, count=20)
    assert whole.settings == again.settings
    assert whole.samples[:20] == again.samples
    assert inputs.batch("8", "tier", 3, RULES, count=20).samples != again.samples


def test_one_batch_in_sixteen_has_settings_of_every_family() -> None:
    asked = [
        {"provenance", "residency", "tier"}
        <= inputs.batch("0", "digest", number, RULES, count=0).settings.keys()
        for number in range(32)
    ]
    assert sum(asked) == 2


def test_given_settings_are_judged_by_as_they_are() -> None:
    given = {"digest": {"algorithms": ["sha512"]}}
    assert inputs.batch("0", "digest", 0, RULES, given=given, count=5).settings == given


def wrapper(folder: Path, name: str, script: str) -> Path:
    """A program that does something else when it meets the word needle."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def pods(*images: str) -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "p"},
            "spec": {"containers": [{"name": "c", "image": image}]},
        }
        for image in images
    ]


def test_the_document_that_a_program_dies_of_is_found(tmp_path: Path) -> None:
    real = tools.path("conftest")
    script = f'grep -qs needle -- "$@" && kill -SEGV $$\nexec {real} "$@"'
    fake = wrapper(tmp_path, "conftest", script)
    one = peer("conftest", rules.load(), {}, None, tmp_path / "x", {"conftest": fake})
    outcomes = one.judge(pods("a", "needle", "b"))
    died = [isinstance(outcome, Refusal) and outcome.crashed for outcome in outcomes]
    assert died == [False, True, False]


def test_conftest_is_given_nothing_that_its_entrypoint_completes(tmp_path: Path) -> None:
    imported = "package ask\n\nimport data.policylib.lib.bare\n\n"
    ask = f"{imported}completed := bare.enveloped(input) != input\n"
    modules = {**rules.load().modules, "ask.rego": ask}
    bodies = ({"format_version": "1", "values": {}}, {"request": {"region": "x"}}, {"a": "b"})
    documents = [
        {**body, **kind, **version}
        for body in bodies
        for kind in ({}, *({"kind": kind} for kind in (None, "", " ", 5, "Pod")))
        for version in ({}, *({"apiVersion": one} for one in (None, "", "v1", "policylib.dev/v1")))
    ]
    completed = RegorusEngine(modules, {}).evaluate("data.ask.completed", documents)
    given = peer("conftest", rules.load(), {}, None, tmp_path / "x", programs.built())
    for document, made, outcome in zip(documents, completed, given.judge(documents), strict=True):
        assert isinstance(outcome, Unreadable) or made == Value(value=False), document
    assert sum(isinstance(made, Value) and made.value is True for made in completed) > 30


def work(task: int) -> int:
    """Ends its process for 3, and takes for ever for 4."""
    if task == 3:
        os.kill(os.getpid(), signal.SIGSEGV)
    if task == 4:
        time.sleep(600)
    if task == 5:
        raise EngineError("no")
    return task * 2


def test_a_process_that_dies_or_hangs_loses_its_task_alone() -> None:
    answers = dict(pool.run(work, deque([1, 2, 3, 4, 6]), 2, 5.0))
    assert answers == {
        1: 2,
        2: 4,
        3: Lost(f"it was ended by signal {signal.SIGSEGV.value}"),
        4: Lost("no answer in time"),
        6: 12,
    }


def test_an_error_of_the_work_is_raised_where_it_was_asked_for() -> None:
    with pytest.raises(EngineError, match="no"):
        list(pool.run(work, deque([5]), 1, 60.0))


def test_a_difference_is_kept_as_an_example_that_is_found_again(tmp_path: Path) -> None:
    settings = {"digest": {"algorithms": ["sha512"]}}
    part = Part("digest", 0, 0, 1, ENGINES)
    odd = {"apiVersion": "v1", "kind": "Pod", "x": ["\u2028", 1.5, None, "yes"]}
    found = Difference(part, odd, settings, {}, {"regorus": ["allows it"], "opa": ["fails: x"]})
    path = keeping.keep(found, tmp_path / examples.KEPT, "rc parity")
    assert path == keeping.keep(found, tmp_path / examples.KEPT, "rc parity")
    [group] = examples.groups(tmp_path, rules.load())
    assert (group.settings, group.facts, group.documents) == (settings, {}, [odd])
    assert group.cases[0].verdict == examples.AGREE


@pytest.mark.parametrize("name", sorted(PROVEN))
def test_programs_state_the_version_that_is_proven(name: str) -> None:
    assert program(name, programs.built()[name]).version == PROVEN[name]


def test_a_program_that_is_missing_or_another_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no such program.*0\.71\.1"):
        program("conftest", tmp_path / "nothing")
    old = wrapper(tmp_path, "opa", "echo Version: 1.21.0")
    with pytest.raises(EngineError, match=r"1\.21\.0 is not the version that is proven, 1\.22\.2"):
        program("opa", old)
    assert program("opa", old, any_version=True).version == "1.21.0"
    with pytest.raises(EngineError, match="does not state a version"):
        program("gator", old)
