"""`rc mutate` as people and CI run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import tools
from tests.cli.program import Done, rc
from tests.mutation.samples import policy

ENTRY = {"operator": "item", "before": '"payments"', "reason": "Nobody else pays."}


def mutate(folder: Path, *arguments: str) -> Done:
    return rc("mutate", "policy", "--opa", tools.path("opa"), *arguments, cwd=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    policy(tmp_path / "policy")
    return tmp_path


def test_survivors_are_listed_with_their_line(folder: Path) -> None:
    done = mutate(folder)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(
        'policy/labels.rego:5:59: item in owned: without "payments"\n'
        '    owned(object) if object.metadata.labels.owner in {"shop", "payments"}\n'
    )
    assert done.out.splitlines()[-1].split()[:2] == ["all", "21"]


def test_everything_as_json_in_a_file(folder: Path) -> None:
    done = mutate(folder, "--format", "json", "--output", "found.json", "--jobs", "1")
    assert (done.code, done.out, done.err) == (1, "", "")
    found = json.loads((folder / "found.json").read_text())
    assert found["all"]["survived"] == 1
    assert found["stale"] == []


def test_what_is_listed_is_no_survivor(folder: Path) -> None:
    (folder / "known.json").write_text(json.dumps({"labels.rego": [ENTRY]}))
    assert mutate(folder, "--equivalent", "known.json").code == 0


def test_a_stale_list_is_an_error(folder: Path) -> None:
    stale = {**ENTRY, "before": '"shop"'}
    (folder / "known.json").write_text(json.dumps({"labels.rego": [ENTRY, stale]}))
    done = mutate(folder, "--equivalent", "known.json")
    assert done.code == 2
    assert 'stale: labels.rego: item "shop" is listed as equivalent, and is noticed' in done.out


def test_one_module_and_one_operator(folder: Path) -> None:
    done = mutate(folder, "--only", "deny.rego", "--operator", "comparison", "-f", "json")
    mutants = json.loads(done.out)["mutants"]
    assert {(one["file"], one["operator"]) for one in mutants} == {("deny.rego", "comparison")}
    assert done.code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "deni.rego"], "did you mean deny.rego?"),
        (["--operator", "comparisons"], "did you mean comparison?"),
        (["--jobs", "0"], "0 is no number from 1 on"),
        (["--equivalent", "none.yaml"], "none.yaml: the list cannot be read"),
        (["--data", "none.yaml"], "there is no such"),
        (["--fixtures", "nowhere"], "nowhere: there is no folder of examples here"),
    ],
)
def test_what_cannot_be_used(folder: Path, arguments: list[str], says: str) -> None:
    done = mutate(folder, *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_without_an_opa_nothing_is_parsed(folder: Path) -> None:
    done = rc("mutate", "policy", "--opa", "no-such-opa", cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert "no-such-opa: there is no such program" in done.err


def test_a_module_of_ours(tmp_path: Path) -> None:
    opa, only = tools.path("opa"), ("--only", "policylib/lib/counts")
    done = rc("mutate", tools.ROOT / "rego", "--opa", opa, *only, "-f", "json", cwd=tmp_path)
    found = json.loads(done.out)
    assert found["all"]["killed"] > 20
    assert done.err == ""
