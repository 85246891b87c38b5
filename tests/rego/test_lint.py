"""The lint of ADR-0001 finds what it is there for; `make lint` asks our own code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests import tools

REGAL = tools.ROOT / ".regal"
RULES = REGAL / "rules" / "portability"

HEAD = """# METADATA
# title: Title
# description: Description
package {package}

import rego.v1
"""
REVIEW = "import data.policylib.lib.review.document\n"
READ = "import data.policylib.lib.read\n"

BAD = [
    ("imports-rego-v1", "package p\n\nallow if true\n"),
    ("partial-builtin", "r if to_number(x) > 1"),
    ("partial-builtin", 'r := time.parse_rfc3339_ns("x")'),
    ("partial-builtin", 'r := yaml.unmarshal("x")'),
    ("partial-builtin", 'r := http.send({"method": "get", "url": "x"})'),
    ("partial-builtin", 'r := units.parse("1G")'),
    ("walk-form", "r if {\n\t[p, v] := walk(x)\n\tp == v\n}"),
    ("walk-form", "r if {\n\t[p, v] = walk(x)\n\tp == v\n}"),
    ("walk-form", "r if {\n\twalk(x, pair)\n\tpair\n}"),
    ("named-negation", "r if not input.review.object.spec"),
    ("named-negation", 'r if not x == "a"'),
    ("named-negation", "r if not x in input.parameters.allowed"),
    ("named-negation", "r if not is_string(input.review)"),
    ("named-negation", "r if not x.y.z"),
    ("declared-reads", "r := input.review.object"),
    ("declared-reads", "r := input.parameters.exempt"),
    ("declared-reads", "r := data.settings"),
    ("declared-reads", "r := data.policylib.lib.read"),
    ("imported-values", REVIEW + "r := document.spec"),
    ("imported-values", REVIEW + 'r := document["spec"]'),
    ("imported-values", READ + "r := read.value"),
    ("imported-values", REVIEW + "f(x) := [x, document]"),
    ("imported-values", REVIEW + "f(x) := x if document == x"),
    ("member-of-literal", "r if x in {1, y}"),
    ("member-of-literal", "r if x in [1, y.z]"),
    ("iterated-collection", "r contains x if some x in []"),
    ("iterated-collection", READ + 'r contains x if some x in read.at(y, "k", null)'),
    ("sprintf-verbs", 'r := sprintf("%q", [x])'),
    ("sprintf-verbs", 'r := sprintf("%6.2f", [x])'),
    ("sprintf-verbs", "r := sprintf(format, [x])"),
    ("plain-regex", r"r if regex.match(`^\s+$`, x)"),
    ("plain-regex", r"r if regex.match(`(?i)abc[d]`, x)"),
    ("plain-regex", r"r if regex.match(`\A[a-z]+$`, x)"),
    ("complete-metadata", "package p\n\nimport rego.v1\n"),
]

GOOD = """
r contains [path, value] if walk(x, [path, value])

s if not r

t if not is_string(x)

u := sprintf("%s %v", [x, 1])

v if x in {1, 2}

w if regex.match(`\\A[a-z]+\\z`, x)

x := read.at({}, "key", null)
"""


def _titles(path: Path) -> set[str]:
    command: list[str | Path] = [
        tools.path("regal"),
        "lint",
        "--format",
        "json",
        "--rules",
        REGAL / "rules",
    ]
    command += ["--config-file", REGAL / "config.yaml", path]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tools.ROOT, check=False)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return {violation["title"] for violation in json.loads(done.stdout)["violations"] or []}


def _module(folder: Path, text: str, package: str = "policylib.lib.example") -> Path:
    whole = text if text.startswith("package") else f"{HEAD.format(package=package)}\n{text}\n"
    path = folder / "example.rego"
    path.write_text(whole, encoding="utf-8")
    return path


@pytest.mark.parametrize(("title", "text"), BAD, ids=lambda value: " ".join(value.split())[:50])
def test_what_is_not_portable_is_found(tmp_path: Path, title: str, text: str) -> None:
    assert title in _titles(_module(tmp_path, text))


def test_each_rule_of_the_lint_has_an_example() -> None:
    assert {path.stem.replace("_", "-") for path in RULES.glob("*.rego")} == {t for t, _ in BAD}


def test_what_is_portable_is_left_alone(tmp_path: Path) -> None:
    ours = {title for title, _ in BAD}
    assert _titles(_module(tmp_path, READ + GOOD)) & ours == set()


def test_a_rule_describes_itself(tmp_path: Path) -> None:
    path = _module(tmp_path, "violation contains 1 if true", "policylib.digest.example")
    assert "complete-metadata" in _titles(path)
