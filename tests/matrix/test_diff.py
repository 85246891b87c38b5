"""What changes from one matrix to another."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import policylib
from policylib.errors import InputError
from policylib.matrix import changes
from policylib.matrix.diff import diff
from policylib.matrix.model import Matrix
from policylib.matrix.run import run
from tests.matrix.small import Pinning, lying

NAMES = ("old.json", "new.json")


@pytest.fixture(scope="module")
def before() -> Matrix:
    return run(Pinning(), policylib.load(), inputs=1, shrink=False)


@pytest.fixture(scope="module")
def after() -> Matrix:
    kind = replace(lying({"image": "tag", "kind": "Pod"}), places=("containers", "other"))
    return run(kind, policylib.load(), inputs=1, shrink=False)


def test_a_matrix_does_not_differ_from_itself(before: Matrix) -> None:
    same = diff(before, before, NAMES)
    assert same.exit_code == 0
    assert changes.as_text(same) == "digest: old.json → new.json: the same 12 cells\n"
    assert "|" not in changes.as_markdown(same)


def test_what_was_planted_is_not_compared(before: Matrix) -> None:
    other = run(Pinning(), policylib.load(), inputs=1, shrink=False, planted=())
    assert other.planted
    assert diff(before, other, NAMES).exit_code == 0


def test_cells_are_changed_added_and_removed(before: Matrix, after: Matrix) -> None:
    found = diff(before, after, NAMES)
    assert found.exit_code == 1
    assert [found.count(what) for what in ("changed", "added", "removed")] == [1, 6, 6]
    [changed] = [change for change in found.changes if change.what == "changed"]
    assert changed.at == {"image": "tag", "kind": "Pod", "place": "containers"}
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.promised, changed.after.promised) == ("deny", "allow")
    assert found.before.revision == before.revision


def test_what_is_enforced_otherwise_is_a_change_too(before: Matrix) -> None:
    first = before.cells[0].model_copy(update={"enforced": "mixed", "because": "of this"})
    other = before.model_copy(update={"cells": (first, *before.cells[1:])})
    [change] = diff(before, other, NAMES).changes
    assert (change.what, change.at) == ("changed", first.at)


def test_another_reason_is_no_change(before: Matrix) -> None:
    first = before.cells[0].model_copy(update={"because": "of this", "inputs": 99})
    other = before.model_copy(update={"cells": (first, *before.cells[1:])})
    assert diff(before, other, NAMES).exit_code == 0


def test_two_kinds_cannot_be_compared(before: Matrix) -> None:
    other = before.model_copy(update={"kind": "tier"})
    with pytest.raises(InputError, match="digest cannot be compared with one of tier"):
        diff(before, other, NAMES)


def test_text_has_a_line_a_cell_and_its_reason(before: Matrix, after: Matrix) -> None:
    lines = changes.as_text(diff(before, after, NAMES)).split("\n")
    at = "image tag, kind Pod, place containers"
    assert f"~ changed: {at}: deny → allow (enforced: deny)" in lines
    assert "    an image named by tag is pinned: True" in lines
    assert lines[-2] == "digest: old.json → new.json: 1 changed, 6 added, 6 removed"


def test_json_has_all_of_it(before: Matrix, after: Matrix) -> None:
    found = json.loads(changes.as_json(diff(before, after, NAMES)))
    assert len(found["changes"]) == 13
    assert found["after"]["name"] == "new.json"


def test_markdown_takes_what_settings_hold_for_text(before: Matrix) -> None:
    at = {"image": "a|b`<b>*c*\n", "kind": "x", "place": "y"}
    odd = before.cells[0].model_copy(update={"at": at})
    other = before.model_copy(update={"cells": (*before.cells, odd)})
    text = changes.as_markdown(diff(before, other, NAMES))
    row = text.split("\n")[4]
    assert row.startswith(r"| added | `` image a\|b`<b>*c*\n, kind x, place y `` |")
    assert len(text.split("\n")) == 6
