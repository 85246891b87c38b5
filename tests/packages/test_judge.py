"""What becomes of the packages' messages: places, levels, exceptions, data."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from policylib import packages
from policylib.errors import RuleError
from policylib.inputs.interface import Origin, Place, Source
from policylib.models import Violation
from policylib.packages import Packages
from tests import tools
from tests.packages import peers

HEAD = "package main\n\nimport rego.v1\n\n"
DENY = HEAD + 'deny contains "x" if input.kind\n\nwarn contains "y" if input.kind\n'
POD = b"# a pod\n\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n"


def load(folder: Path, text: str = DENY, **options: Any) -> Packages:
    peers.written(folder, {"policy/main.rego": text})
    return packages.load(folder / "policy", opa=tools.path("opa"), **options)


def violations(loaded: Packages, *sources: Source, **options: Any) -> list[Violation]:
    judgement = loaded.judge(sources, **options)
    assert judgement.problems == ()
    return list(judgement.violations)


def test_a_violation_says_everything(tmp_path: Path) -> None:
    rule = 'deny contains {"msg": "m", "path": "/metadata/name", "team": "a", "remediation": "Do."}'
    [violation] = violations(load(tmp_path, HEAD + rule), Source("a.yaml", POD))
    assert violation.model_dump(mode="json", by_alias=True) == {
        "rule": "conftest.main.deny",
        "severity": "medium",
        "enforcement": "deny",
        "message": "m",
        "remediation": "Do.",
        "file": "a.yaml",
        "document": 0,
        "line": 5,
        "column": 18,
        "path": "/metadata/name",
        "resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web"},
        "details": {"path": "/metadata/name", "team": "a", "remediation": "Do."},
        "exception": None,
    }


def test_the_rules_are_described(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.names == ("conftest", "conftest.main", "conftest.main.deny", "conftest.main.warn")
    rule = loaded.rules["conftest.main.deny"]
    assert (rule.id, rule.title) == ("conftest.main.deny", "deny of the conftest package main")
    assert rule.description.endswith("policy/main.rego.")


@pytest.mark.parametrize(
    ("stated", "line", "kept"),
    [
        ('{"file": "a.yaml", "line": 5}', 5, False),
        ('{"line": 5}', 5, False),
        ('{"file": "b.yaml", "line": 5}', 3, True),
        ('{"line": "5"}', 3, True),
        ('{"line": 0}', 3, True),
        ('"5"', 3, True),
    ],
)
def test_a_stated_line_counts_in_this_file(
    stated: str, line: int, kept: bool, tmp_path: Path
) -> None:
    rule = f'deny contains {{"msg": "m", "_loc": {stated}}}'
    [violation] = violations(load(tmp_path, HEAD + rule), Source("a.yaml", POD))
    assert violation.line == line
    assert ("_loc" in violation.details) == kept


def test_a_place_in_a_chart_is_one_in_its_template(tmp_path: Path) -> None:
    asked: list[Origin] = []

    def locate(origin: Origin) -> Place:
        asked.append(origin)
        return Place("chart/templates/a.yaml", 7, 2)

    text = b"---\n# Source: chart/templates/a.yaml\nkind: Pod\nmetadata: {name: a}\n"
    rule = HEAD + 'deny contains {"msg": "m", "path": "/metadata/name"}'
    [violation] = violations(load(tmp_path, rule), Source("chart", text, locate))
    assert (violation.file, violation.line, violation.column) == ("chart/templates/a.yaml", 7, 2)
    assert asked == [Origin("chart/templates/a.yaml", "/metadata/name", 0, 4)]


def test_each_document_keeps_its_position(tmp_path: Path) -> None:
    text = b"kind: A\n---\nkind: {{ x }}\n---\n---\nkind: B\n---\nkind: [\n---\nkind: C\n"
    rule = HEAD + "deny contains input.kind"
    found = violations(load(tmp_path, rule), Source("a.yaml", text))
    assert [(v.message, v.document, v.line) for v in found] == [
        ("A", 0, 1),
        ("B", 2, 6),
        ("C", 4, 10),
    ]
    first = violations(load(tmp_path, rule), Source("a.yaml", b"a: {{ x }}\n---\nkind: B\n"))
    assert [(v.message, v.document, v.line) for v in first] == [("B", 1, 3)]


def test_a_file_of_many_faults_is_a_problem(tmp_path: Path) -> None:
    text = b"kind: A\n" + b"---\nkind: {{ x }}\n" * 100
    judgement = load(tmp_path).judge([Source("a.yaml", text)])
    assert judgement.violations == ()
    assert "none of its documents" in judgement.problems[0].message


def test_an_item_of_a_list_has_a_place(tmp_path: Path) -> None:
    rule = HEAD + 'deny contains {"msg": input.a, "path": "/a"}'
    found = violations(load(tmp_path, rule), Source("a.json", b'[{"a": "x"},\n {"a": "y"}]'))
    assert [(v.message, v.path, v.line) for v in found] == [("x", "/0/a", 1), ("y", "/1/a", 2)]


def test_what_the_reader_adds_is_not_seen(tmp_path: Path) -> None:
    rule = HEAD + 'deny contains concat(",", [key | some key, _ in input])'
    loaded = load(tmp_path, rule)
    for name, text, keys in (
        ("service-catalog.yaml", b"services: {a: {tier: gold}}\n", "services"),
        ("kustomization.yaml", b"resources: [a]\n", "resources"),
        ("kustomization.yaml", b"kind: Kustomization\nresources: [a]\n", "kind,resources"),
        ("values.yaml", b"image: {repository: a, tag: b}\n", "image"),
        ("a.yaml", b"apiVersion: policylib.dev/v1\nkind: TransferRequest\n", "apiVersion,kind"),
        ("a.yaml", b"request: {region: a}\n", "request"),
    ):
        assert [v.message for v in violations(loaded, Source(name, text))] == [keys]


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(POD,))
    writer.start()
    sources = packages.held([Source(str(pipe)), Source("b.yaml", POD), Source("nothing.yaml")])
    writer.join()
    assert [source.content for source in sources] == [POD, POD, None]
    regular = tmp_path / "a.yaml"
    regular.write_bytes(POD)
    assert packages.held([Source(str(regular))]) == (Source(str(regular)),)


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    judgement = load(tmp_path).judge([Source("nothing.yaml"), Source("a.yaml", POD)])
    [problem] = judgement.problems
    assert (problem.file, problem.document, judgement.documents) == ("nothing.yaml", None, 1)
    assert problem.message.endswith(
        "none of its documents: it cannot be read: No such file or directory"
    )


def test_many_documents(tmp_path: Path) -> None:
    text = b"---\n".join(b"kind: Pod\n" for _ in range(1203))
    judgement = load(tmp_path).judge([Source("a.yaml", text), Source("b.yaml", POD)])
    assert judgement.documents == 1204
    assert len(judgement.violations) == 2 * 1204


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, {"x": "deny", "y": "warn"}),
        ({"conftest": "warn"}, {"x": "warn", "y": "warn"}),
        ({"conftest": "deny"}, {"x": "deny", "y": "warn"}),
        ({"conftest": "log"}, {"x": "log", "y": "log"}),
        ({"conftest.main": "off"}, {}),
        ({"conftest.main": "log", "conftest": "off"}, {"x": "log", "y": "log"}),
        ({"conftest.main.warn": "deny"}, {"x": "deny", "y": "deny"}),
        ({"conftest.main.deny": "off"}, {"y": "warn"}),
        ({"conftest.main.deny": "deny", "conftest": "off"}, {"x": "deny"}),
        ({"conftest.other": "off", "digest": "off"}, {"x": "deny", "y": "warn"}),
        ({"conftest": "OFF", "conftest.main.deny": "excepted"}, {"x": "deny", "y": "warn"}),
    ],
)
def test_levels(levels: dict[str, str], expected: dict[str, str], tmp_path: Path) -> None:
    found = violations(load(tmp_path), Source("a.yaml", POD), levels=levels)
    assert {v.message: str(v.enforcement) for v in found} == expected


def test_an_exception_of_the_package_is_noted(tmp_path: Path) -> None:
    rule = 'deny_a contains "x" if input.kind\n\nexception contains ["a"] if input.spec\n'
    sources = [
        Source("a.yaml", POD),
        Source("b.yaml", b"kind: A\nspec: 1\n---\nkind: B\nspec: 2\n"),
    ]
    judgement = load(tmp_path, HEAD + rule).judge(sources)
    assert [v.file for v in judgement.violations] == ["a.yaml"]
    [note] = judgement.notes
    assert "conftest.main.deny_a: an exception in its own package covers 2 of its messages" in note


def test_data_is_found_by_its_folder(tmp_path: Path) -> None:
    peers.written(
        tmp_path,
        {
            "data/a.yaml": "one: 1\nshared: {a: 1}\n",
            "data/deep/er/b.json": '{"two": "x"}',
            "data/c.yml": "shared: {b: 2}\n",
            "data/ignored.txt": "a: [",
            "more.yaml": "three: [3]\n",
        },
    )
    rule = 'deny contains sprintf("%v", [[data.one, data.shared, data.deep.er.two, data.three]])'
    named = [tmp_path / "data", tmp_path / "more.yaml"]
    [violation] = violations(load(tmp_path, HEAD + rule, data=named), Source("a.yaml", POD))
    assert violation.message == '[1, {"a": 1, "b": 2}, "x", [3]]'


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"a.yaml": "a: 1\n", "b.yaml": "a: 2\n"}, r"b\.yaml: another file says .* of data\.a"),
        ({"a.yaml": "a: {b: 1}\n", "b.json": '{"a": {"b": 1}}'}, r"of data\.a\.b"),
        ({"a.yaml": "[1]\n"}, "the data is not an object"),
        ({"a.yaml": "a: 1\n---\nb: 1\n"}, "holds one document, not 2"),
        ({"a.yaml": "# nothing\n"}, "holds one document, not 0"),
        ({"a.yaml": "a: 1\na: 2\n"}, r"a\.yaml:2:1: .*there twice"),
        ({"a.yaml": "countries: [se, no, de]\n"}, r"a\.yaml:1: OPA reads no as text"),
        ({"a.yaml": "a: 1\nswitch: off # it\n"}, r"a\.yaml:2: OPA reads off"),
        ({"a.yaml": "on: push\n"}, "OPA reads on"),
        ({"a.yaml": "- Y\n"}, "OPA reads Y"),
    ],
)
def test_data_that_is_refused(files: dict[str, str], complaint: str, tmp_path: Path) -> None:
    peers.written(tmp_path / "data", files)
    with pytest.raises(RuleError, match=complaint):
        load(tmp_path, data=[tmp_path / "data"])


@pytest.mark.parametrize("text", ['a: "no"', "a: 'yes, on'", "a: none", "a: x # no", "no1: true"])
def test_words_that_all_read_alike(text: str, tmp_path: Path) -> None:
    peers.written(tmp_path / "data", {"a.yaml": text + "\n"})
    assert load(tmp_path, data=[tmp_path / "data"]).rules


def test_the_revision_is_that_of_rego_and_data(tmp_path: Path) -> None:
    peers.written(tmp_path / "data", {"a.yaml": "a: 1\n"})
    plain = load(tmp_path)
    assert plain.revision.startswith("sha256:")
    assert load(tmp_path).revision == plain.revision
    assert load(tmp_path, data=[tmp_path / "data"]).revision != plain.revision
    assert load(tmp_path, DENY + "\n# more\n").revision != plain.revision
