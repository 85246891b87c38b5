"""The reference engine against a real OPA."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest

from policylib.engine.interface import Failure, Value
from policylib.engine.opa import OpaEngine
from policylib.errors import EngineError
from tests import tools

MODULE = """\
package policylib.t

import rego.v1

greeting := sprintf("%s %s", [data.settings.word, input.name])

unique contains n if some n in input.numbers

number := to_number(input.text)

slow := count([1 | some i in numbers.range(0, 100000000); i == input.n])
"""


def engine(timeout: float = 60.0, module: str = MODULE) -> OpaEngine:
    data = {"settings": {"word": "hello"}}
    return OpaEngine({"policylib/t/t.rego": module}, data, tools.path("opa"), timeout)


def test_each_input_has_its_own_value() -> None:
    inputs = [{"name": "a"}, {"name": 'b"\u2028'}, {"name": "é😀"}]
    answers = engine().evaluate("data.policylib.t.greeting", inputs)
    assert answers == [Value("hello a"), Value('hello b"\u2028'), Value("hello é😀")]


def test_a_set_is_a_sorted_list() -> None:
    answers = engine().evaluate("data.policylib.t.unique", [{"numbers": [3, 1, 3]}, {}])
    assert answers == [Value([1, 3]), Value([])]


def test_nothing_to_ask_is_no_answer() -> None:
    assert engine().evaluate("data.policylib.t.greeting", []) == []


def test_an_input_that_fails_leaves_the_others_alone() -> None:
    inputs = [{"text": str(n)} for n in range(9)]
    inputs[2] = inputs[7] = {"text": "x"}
    answers = engine().evaluate("data.policylib.t.number", inputs)
    failed = [index for index, answer in enumerate(answers) if isinstance(answer, Failure)]
    assert failed == [2, 7]
    assert answers[8] == Value(8)
    assert "to_number" in str(answers[2])


def test_undefined_is_a_failure() -> None:
    defined, undefined = engine().evaluate("data.policylib.t.greeting", [{"name": "a"}, {}])
    assert defined == Value("hello a")
    assert isinstance(undefined, Failure)
    assert "undefined" in undefined.message


def test_an_input_that_is_no_json_is_a_failure() -> None:
    answers = engine().evaluate(
        "data.policylib.t.greeting", [{"name": float("nan")}, {"name": "a"}]
    )
    assert isinstance(answers[0], Failure)
    assert answers[1] == Value("hello a")


def test_an_evaluation_without_end_is_a_failure() -> None:
    (answer,) = engine(timeout=0.5).evaluate("data.policylib.t.slow", [{"n": -1}])
    assert answer == Failure("no answer within 0.5 seconds")


def test_rego_that_does_not_compile_is_an_error() -> None:
    with pytest.raises(EngineError, match=r"var undefined_thing is unsafe|undefined"):
        engine(module="package policylib.t\n\nx := undefined_thing\n").evaluate(
            "data.policylib.t.x", [{}]
        )


@pytest.mark.parametrize("rule", ["data.x[_]", "1 + 1", "http.send({})", "data.x\nwith input as 1"])
def test_only_the_path_of_a_rule_is_asked(rule: str) -> None:
    with pytest.raises(EngineError, match="not the path of a rule"):
        engine().evaluate(rule, [{}])


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine().evaluate("data.policylib.t.number", [{"text": "x"}])
    assert list(tmp_path.iterdir()) == []


def test_opa_is_found_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tools.path("opa").parent))
    assert OpaEngine({}, {}).version == "1.22.2"


def test_no_opa_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="install OPA"):
        OpaEngine({}, {})
    with pytest.raises(EngineError, match="does not run"):
        OpaEngine({}, {}, tmp_path / "opa")


@pytest.mark.parametrize(
    ("says", "complaint"), [("Version: 1.22.1", "too old"), ("hello", "does not state a version")]
)
def test_an_unknown_or_old_opa_is_refused(says: str, complaint: str, tmp_path: Path) -> None:
    program = tmp_path / "opa"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(EngineError, match=complaint):
        OpaEngine({}, {}, program)
