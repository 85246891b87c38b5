"""Each rule has a page, and each page is what METADATA and fixtures say today."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from policylib import pages, rules
from policylib.models import Rule, Severity

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "rules"
RULES = rules.load().rules


@cache
def generator() -> ModuleType:
    """tools/generate, which has no ending."""
    loader = importlib.machinery.SourceFileLoader("generate", str(ROOT / "tools" / "generate"))
    spec = importlib.util.spec_from_loader("generate", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@cache
def wanted() -> Mapping[str, str]:
    return pages.pages(RULES, ROOT / "fixtures", generator().says)


def test_no_page_is_stale_missing_or_left_over() -> None:
    there = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    differing = {name for name in {*there, *wanted()} if there.get(name) != wanted().get(name)}
    assert differing == set(), "run `make generate`"


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_the_examples_get_the_verdicts_that_the_page_claims(rule_id: str) -> None:
    rule = RULES[rule_id]
    found = pages.example(ROOT / "fixtures" / rule.family / rule.name)
    assert found is not None
    assert generator().says(rule, found.before)
    assert not generator().says(rule, found.after)


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_a_page_says_it_all(rule_id: str) -> None:
    rule = RULES[rule_id]
    text = wanted()[f"{rule.family}/{rule.name}.md"]
    for part in ("## Before", "## After", "## What to do", "## Controls", "## See also"):
        assert f"\n{part}\n" in text
    assert rule.gatekeeper["kind"] in text
    for key in rule.parameters.get("properties", {}):
        assert f"\n| `{key}` |" in text


def test_every_setting_has_a_row() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "array", "items": {"type": "string"}, "default": ["x|y"]},
            "b": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": {"type": "string", "description": "Its <name>."}},
                },
            },
            "c": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "properties": {"n": {"type": "integer", "minimum": 1, "tighter": "lower"}},
                },
            },
            "d": {"type": "string", "enum": ["x", "y"], "default": "x"},
        },
    }
    text = pages.page(rule(parameters=schema), Path("nowhere"), lambda *_: [])
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows == [
        r'| `a` | list of string | `["x\|y"]` |  |  |',
        "| `b` | list of object | none |  |  |",
        r"| `b[].name` | string | required |  | Its \<name\>. |",
        "| `c` | map of object | none |  |  |",
        "| `c.NAME.n` | integer ≥ 1 | none | lower |  |",
        '| `d` | one of x, y | `"x"` |  |  |',
    ]


def rule(**more: object) -> Rule:
    said = {
        "id": "f.r",
        "title": "A <title> with_marks | _and_ *more*",
        "description": "Text with `code <a>` and <b>.",
        "severity": Severity.LOW,
        "remediation": "Do it.",
    }
    return Rule.model_validate({**said, **more})


def test_what_is_text_stays_text() -> None:
    text = pages.page(rule(), Path("nowhere"), lambda *_: [])
    assert r"# A \<title\> with_marks \| \_and\_ \*more\*" in text
    assert r"Text with `code <a>` and \<b\>." in text
    assert r"| low | A \<title\> with_marks \| \_and\_ \*more\* |" in pages.index({"f.r": rule()})


def test_the_example_is_the_pair_that_differs_least(tmp_path: Path) -> None:
    for name, content in {
        "allow/a.yaml": "a: 1\nb: 2\nc: 3\n",
        "allow/b.yaml": "x: 1\n",
        "deny/a.yaml": "# Why.\na: 1\nb: 2\nc: 4\n",
        "deny/b.yaml": "z: 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    found = pages.example(tmp_path)
    assert found == pages.Example(tmp_path / "deny" / "a.yaml", tmp_path / "allow" / "a.yaml")
    assert pages.example(tmp_path / "nothing") is None


def test_an_example_cannot_leave_its_block(tmp_path: Path) -> None:
    for verdict in ("allow", "deny"):
        (tmp_path / "f" / "r" / verdict).mkdir(parents=True)
        (tmp_path / "f" / "r" / verdict / "a.yaml").write_text("a: |\n  ```\n  # no heading\n")
    text = pages.page(rule(), tmp_path, lambda *_: ["said"])
    assert len(re.findall(r"^````yaml\n(?:.|\n)*?^````$", text, re.MULTILINE)) == 2
    assert "```text\nsaid\n```" in text
