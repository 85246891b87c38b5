"""Folders of examples: all who ask find every case, and what is none is told in its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policylib import examples, rules
from policylib.errors import InputError

CASE = "{name: a, rule: digest.image_pinned, verdict: deny, why: w, document: {kind: Pod}}"
KEPT = "{why: w, settings: {}, facts: null, document: 1}\n"


def put(folder: Path, path: str, text: str) -> Path:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    return folder


def names(folder: Path) -> list[str]:
    """What both who ask for cases and who ask for groups find."""
    found = sorted(case.name for case in examples.cases(folder))
    groups = examples.groups(folder, rules.load())
    assert sorted(case.name for group in groups for case in group.cases) == found
    assert all(group.cases for group in groups)
    return [name.rpartition("/")[2] for name in found]


@pytest.mark.parametrize("settings", ["", "settings: {tier: {}}\n"])
def test_bypasses_of_a_family_without_examples_are_found(tmp_path: Path, settings: str) -> None:
    put(tmp_path, "bypass/digest/a.yaml", f"{settings}cases: [{CASE}]\n")
    assert names(tmp_path) == ["a.yaml: a"]


def test_every_kind_of_case_is_found(tmp_path: Path) -> None:
    put(tmp_path, "digest/image_pinned/deny/b.yaml", "apiVersion: v1\nkind: Pod\n")
    put(tmp_path, "bypass/digest/a.yaml", f"about: x\ncases: [{CASE}]\n")
    put(tmp_path, "parity/c.yaml", KEPT)
    assert sorted(names(tmp_path)) == ["a.yaml: a", "b.yaml", "c.yaml"]


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        ("bypass/digest/a.yaml", "cases: [x]\n", "a.yaml:1:9: cases.0: "),
        ("bypass/digest/a.yaml", "cases: 5\n", "a.yaml:1:8: cases: "),
        ("bypass/digest/a.yaml", "about: x\n", "cases: Field required"),
        ("bypass/digest/a.yaml", "- cases\n", "exactly one mapping"),
        ("bypass/digest/a.yaml", "", "exactly one mapping"),
        ("bypass/digest/a.yaml", "a: 1\na: 2\n", "a.yaml:2:1: "),
        ("bypass/digest/a.yaml", f"settings: 1\ncases: [{CASE}]\n", "settings: "),
        ("bypass/digest/a.yaml", f"cases: [{CASE.replace('name', 'nam')}]\n", "cases.0.name: "),
        ("bypass/digest/a.yaml", f"cases: [{CASE.replace('deny', 'no')}]\n", "cases.0.verdict: "),
        ("bypass/digest/a.yaml", f"cases: [{CASE.replace('why: w', 'why: 1')}]\n", "0.why: "),
        ("bypass/digest/a.yaml", f"cases: [{CASE.replace('document', 'file')}]\n", "0.file: "),
        ("bypass/digest/a.yaml", f"cases: [{CASE.replace('why', 'text: t, why')}]\n", "either a"),
        ("parity/a.yaml", KEPT.replace("why", "y"), "why: Field required"),
        ("parity/a.yaml", KEPT.replace("settings: {}", "settings: []"), "settings: "),
    ],
)
def test_a_file_of_another_shape_is_told_in_its_place(
    tmp_path: Path, path: str, text: str, what: str
) -> None:
    put(tmp_path, path, text)
    with pytest.raises(InputError) as caught:
        list(examples.cases(tmp_path))
    assert what in str(caught.value)
    assert str(tmp_path / path) in str(caught.value)
    with pytest.raises(InputError):
        examples.groups(tmp_path, rules.load())


def test_names_that_are_no_text_are_written_out(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    put(folder, "digest/image_pinned/deny/b.yaml", "apiVersion: v1\nkind: Pod\n")
    put(folder, "bypass/digest/a.yaml", f"cases: [{CASE}]\n")
    assert all("\\xff/" in case.name for case in examples.cases(folder))
    put(folder, "bypass/digest/a.yaml", "cases: [x]\n")
    with pytest.raises(InputError, match=r"\\xff/bypass"):
        list(examples.cases(folder))


@pytest.mark.parametrize("path", ["digest/a/deny/a.yaml", "bypass/digest/a.yaml", "parity/a.yaml"])
def test_what_is_no_file_is_told(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    os.mkfifo(tmp_path / path)
    with pytest.raises(InputError, match="cannot be read: not a regular file"):
        list(examples.cases(tmp_path))
