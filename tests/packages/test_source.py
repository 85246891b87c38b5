"""What the reading of Rego's text finds is what the real parser finds."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policylib.errors import RuleError
from policylib.packages.source import Module
from tests import tools
from tests.real_input.test_go_modules import module


def parsed(files: list[Path], folder: Path) -> list[dict[str, Any] | None]:
    """What OPA's parser makes of each file; None for what is not Rego v1."""
    texts = folder / "texts.json"
    texts.write_text(json.dumps([file.read_text() for file in files]))
    query = "[object.get({0: m | m := rego.parse_module(`x.rego`, t)}, 0, null) | some t in input]"
    command = [str(tools.path("opa")), "eval", "--format", "raw", "--input", str(texts), query]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: list[dict[str, Any] | None] = json.loads(done.stdout)
    return answer


def heads(tree: dict[str, Any]) -> list[str]:
    return [
        str(rule["head"]["ref"][0]["value"] if "ref" in rule["head"] else rule["head"]["name"])
        for rule in tree.get("rules", [])
    ]


def package(tree: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(part["value"]) for part in tree["package"]["path"][1:])


# A rule that is itself called `and` or `or` is taken for the operator; nobody asks for such a rule.
UNREAD = {"keyword_rule_names.rego"}


def test_packages_and_rules_are_those_of_the_parser(tmp_path: Path) -> None:
    """On some hundred modules of ours, of Regal, of OPA and of conftest."""
    roots = (tools.ROOT / "rego", *(module(name) for name in ("opa", "conftest", "gator")))
    files = [file for root in roots for file in sorted(root.rglob("*.rego"))]
    compared = 0
    for file, tree in zip(files, parsed(files, tmp_path), strict=True):
        text = file.read_text()
        if tree is None or file.name in UNREAD:
            continue
        found = Module(file.name, text)
        names = heads(tree)
        assert found.package == package(tree), file
        # A rule with several bodies in a row is one definition to us and several to the parser.
        assert list(dict.fromkeys(head.name for head in found.heads)) == list(
            dict.fromkeys(names)
        ), file
        compared += 1
    assert compared > 300


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ('deny contains "x"', "set"),
        ('deny contains {"msg": "x"} if { input.a }', "set"),
        ("deny := []", "value"),
        ("deny = [true]", "value"),
        ("default deny := []", "value"),
        ("deny := true", "truth"),
        ("deny := false if input.a", "truth"),
        ("default deny = false", "truth"),
        ("deny if input.a", "truth"),
        ("deny", "truth"),
        ("deny { input.a }", "truth"),
        ("deny(x) := x", "function"),
        ("deny.a := 1", "path"),
        ("deny[x] { x := 1 }", "path"),
        ('deny["a b"] := 1', "path"),
    ],
)
def test_how_a_rule_is_defined(rule: str, kind: str) -> None:
    [head] = Module("a.rego", f"package a\n\n# deny contains nothing\n{rule}\n").heads
    assert (head.name, head.kind, head.line) == ("deny", kind, 4)


@pytest.mark.parametrize(
    "text",
    [
        'x := "deny contains 1"',
        "x := `\ndeny contains 1\n`",
        "x := [1,\ndeny]",
        'x := $"{deny}"',
        'x := $"a {concat("\\"", ["}"])} \\{ b"',
        "x := $`a \\{ {deny} `",
        "x := input.deny",
        "x if {\n\tdeny\n}",
        "x if not deny",
        "x := 1 +\ndeny",
        "x := deny",
        "import data.deny\nx := 1",
    ],
)
def test_what_only_looks_like_a_rule(text: str) -> None:
    assert [head.name for head in Module("a.rego", f"package a\n{text}\n").heads] == ["x"]


def test_references() -> None:
    text = """\
package a.b

import data.lib.k8s as k
import data["odd name"].x

p := k.f(input.a["b"].c[0]).d

q := data.x[input.y]
"""
    found = Module("a.rego", text)
    assert found.package == ("a", "b")
    assert found.imports == {"k": ("data", "lib", "k8s"), "x": ("data", "odd name", "x")}
    paths = {(reference.path, reference.whole, reference.called) for reference in found.references}
    assert {
        (("k", "f"), True, True),
        (("input", "a", "b", "c"), False, False),
        (("data", "x"), False, False),
        (("input", "y"), True, False),
    } <= paths
    assert found.full(("k", "f")) == ("data", "lib", "k8s", "f")


def test_a_module_without_a_package_is_refused() -> None:
    for text in ("", "# package a\n", "deny := 1", "package"):
        with pytest.raises(RuleError, match="names no package"):
            _ = Module("a.rego", text).package
