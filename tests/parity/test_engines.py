"""What docs/engines.md says of the engines is so: each construct that they read differently."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policylib.engine.interface import Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError
from tests import tools

GUIDE = tools.ROOT / "docs" / "engines.md"
FAILS = "an error"
UNDEFINED = "undefined"
HEAD = "package x\n\nimport rego.v1\n\n"

# Where it is written in docs/engines.md: what OPA makes of `data.x.p`, and what regorus does.
CASES: list[tuple[str, str, Any, Any]] = [
    ('p := object.get(input.a, "k", 1)', 'object.get(input.a, "k", 1)', UNDEFINED, FAILS),
    ("p contains at if [at, v] := walk(input)", "[at, v] := walk(input)", [[], ["a"]], []),
    ('p := to_number("x")', 'to_number("x")', UNDEFINED, FAILS),
    ('p := json.unmarshal("{")', 'json.unmarshal("{")', UNDEFINED, FAILS),
    ("p contains x if some x in input.a", "some x in input.a", [], FAILS),
    ('p if regex.match(`\\d`, "1")', "\\d", True, FAILS),
    ("q[k] contains v if some k, v in {}\n\np := q", "without members", {}, UNDEFINED),
    ('p := yaml.is_valid("{a: b:}")', 'yaml.is_valid("{a: b:}")', True, False),
    ('p := sprintf("%6.2f", [1.0])', "%6.2f", "  1.00", FAILS),
]


def opa(module: str, folder: Path) -> Any:
    (folder / "x.rego").write_text(HEAD + module + "\n", encoding="utf-8")
    command = [str(tools.path("opa")), "eval", "--format=json", "--data=x.rego", "--stdin-input"]
    done = subprocess.run(
        [*command, "data.x.p"],
        input='{"a": null}',
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stdout)
    if "errors" in said:
        return FAILS
    return said["result"][0]["expressions"][0]["value"] if "result" in said else UNDEFINED


def regorus(module: str) -> Any:
    try:
        engine = RegorusEngine({"x.rego": HEAD + module + "\n"}, {})
        [answer] = engine.evaluate("data.x.p", [{"a": None}])
    except EngineError:
        return FAILS
    if isinstance(answer, Value):
        return answer.value
    return UNDEFINED if "undefined" in answer.message else FAILS


@pytest.mark.parametrize(("module", "named", "by_opa", "by_regorus"), CASES)
def test_the_engines_differ_as_it_is_written(
    module: str, named: str, by_opa: Any, by_regorus: Any, tmp_path: Path
) -> None:
    assert named in GUIDE.read_text(encoding="utf-8")
    assert (opa(module, tmp_path), regorus(module)) == (by_opa, by_regorus)


def conftest(condition: str, folder: Path) -> bool:
    """Whether conftest denies an input under a condition."""
    module = f'package main\n\nimport rego.v1\n\ndeny contains "no" if {condition}\n'
    (folder / "x.rego").write_text(module, encoding="utf-8")
    (folder / "x.json").write_text('{"x": "b", "y": "b"}', encoding="utf-8")
    command = [
        str(tools.path("conftest")),
        "test",
        "-p",
        "x.rego",
        "--no-fail",
        "-o",
        "json",
        "x.json",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return bool(json.loads(done.stdout)[0].get("failures"))


@pytest.mark.parametrize("literal", ['{"a", input.y}', '["a", input.y]'])
def test_conftest_finds_only_what_is_constant_in_a_literal(literal: str, tmp_path: Path) -> None:
    assert not conftest(f"input.x in {literal}", tmp_path)
    assert conftest(f"{{ known := {literal}; input.x in known }}", tmp_path)


def test_conftest_does_not_compile_a_loop_over_nothing(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        conftest("some r in []", tmp_path)
