"""`rc matrix`: the program as users and CI run it."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import tools
from tests.cli.program import Done, rc

SETTINGS = """\
version: 1
residency:
  allowed_regions: {pii: [us-east-1], logs: [us-west-2]}
"""
RESIDENCY = (
    *("matrix", "residency", "--settings", "policylib.yaml"),
    *("--inputs", "1", "--cell", "tenant=(none)"),
)
OPTIONS = ("--kind", "residency", "--inputs", "1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policylib.yaml").write_text(SETTINGS)
    return tmp_path


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules, with an error: residency forgets what the settings allow to logs."""
    root = tmp_path_factory.mktemp("rules") / "rego"
    shutil.copytree(tools.ROOT / "rego", root)
    path = root / "policylib" / "residency" / "region_allowed" / "region_allowed.rego"
    text = path.read_text()
    assert "violation contains" in text
    path.write_text(
        text.replace(
            "violation contains",
            "violation contains v if {\n\tfalse\n\tv := 1\n}\n\nunused contains",
        )
    )
    return root


def git(folder: Path, *words: str) -> None:
    named = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)


def test_the_matrix_is_as_promised(folder: Path) -> None:
    done = rc(*RESIDENCY, cwd=folder)
    assert (done.code, done.err) == (0, "")
    assert "us-east-1" in done.out
    assert "+ allow" in done.out
    assert "\nresidency: as promised (" in done.out
    assert [path.name for path in folder.iterdir()] == ["policylib.yaml"]


def test_quiet_leaves_the_summary(folder: Path) -> None:
    done = rc(*RESIDENCY, "--quiet", cwd=folder)
    assert done.code == 0
    assert "+ allow" not in done.out
    assert "as promised" in done.out


def test_json_and_csv_have_every_cell_and_html_is_one_page(folder: Path) -> None:
    matrix = json.loads(rc(*RESIDENCY, "--format", "json", cwd=folder).out)
    assert matrix["kind"] == "residency"
    assert all(cell["promised"] == cell["enforced"] for cell in matrix["cells"])
    table = rc(*RESIDENCY, "--format", "csv", "--output", "m.csv", cwd=folder)
    assert table == Done(0, "", "")
    assert (folder / "m.csv").read_text().count("\n") == len(matrix["cells"]) + 1
    html = rc(*RESIDENCY, "--format", "html", cwd=folder).out
    assert html.startswith("<!doctype html>")
    assert html.count("popovertargetaction") == len(matrix["cells"])


def test_an_error_in_the_rules_is_found_small_and_again(folder: Path, rules: Path) -> None:
    done = rc(*RESIDENCY, "--rules", rules, "--format", "json", cwd=folder)
    assert done.code == 1
    matrix = json.loads(done.out)
    differing = [cell for cell in matrix["cells"] if cell["promised"] != cell["enforced"]]
    assert differing
    found = differing[0]["counterexample"]
    words = shlex.split(found["reproduce"])
    assert words[0] == "rc"
    again = rc(*words[1:], "--format", "json", cwd=folder)
    assert again.code == 1
    [cell] = json.loads(again.out)["cells"]
    assert cell["at"] == differing[0]["at"]
    assert cell["counterexample"]["document"] == found["document"]
    assert [path.name for path in folder.iterdir()] == ["policylib.yaml"]


def test_what_is_planted_for_one_rule_is_asked_about(folder: Path, rules: Path) -> None:
    words = ("matrix", "residency", "--settings", "policylib.yaml", "--inputs", "1")
    rule = "residency.region_allowed"
    good = rc(*words, "--rule", rule, cwd=folder)
    assert good.code == 0
    assert f"+ {rule}: " in good.out
    bad = rc(*words, "--rules", rules, "--rule", rule, "--format", "json", cwd=folder)
    assert bad.code == 1
    matrix = json.loads(bad.out)
    assert matrix["cells"] == []
    [found, *_] = [one for one in matrix["planted"] if one["promised"] != one["enforced"]]
    again = rc(*shlex.split(found["counterexample"]["reproduce"])[1:], cwd=folder)
    assert again.code == 1
    assert f'differs: {rule}, defect "{found["defect"]}"' in again.out


def test_a_part_of_the_cells_has_nothing_planted(folder: Path) -> None:
    assert json.loads(rc(*RESIDENCY, "--format", "json", cwd=folder).out)["planted"] == []


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_is_approved_has_to_be_promised(folder: Path, form: str) -> None:
    approved = f"approved.{form}"
    rc(*RESIDENCY, "--format", form, "--output", approved, cwd=folder)
    assert rc(*RESIDENCY, "--approved", approved, "--quiet", cwd=folder).code == 0
    (folder / "policylib.yaml").write_text(SETTINGS.replace("us-west-2", "eu-west-1"))
    done = rc(*RESIDENCY, "--approved", approved, "--quiet", cwd=folder)
    assert done.code == 1
    assert "the approved matrix has no such cell" in done.out
    assert "missing: Data class logs" in done.out


def test_a_class_that_is_allowed_elsewhere_is_not_what_was_approved(folder: Path) -> None:
    rc(*RESIDENCY, "--format", "csv", "--output", "approved.csv", cwd=folder)
    wider = SETTINGS.replace("pii: [us-east-1]", "pii: [us-east-1, us-west-2]")
    (folder / "policylib.yaml").write_text(wider)
    done = rc(*RESIDENCY, "--approved", "approved.csv", "--quiet", cwd=folder)
    assert done.code == 1
    assert "  approved deny\n" in done.out


def test_less_enforcement_is_not_what_is_promised(folder: Path) -> None:
    (folder / "policylib.yaml").write_text(f"{SETTINGS}enforcement: {{dev: {{residency: warn}}}}\n")
    done = rc(*RESIDENCY, "--env", "dev", "--quiet", "--cell", "data_class=pii", cwd=folder)
    assert done.code == 1
    assert "note: in dev these only warn: residency." in done.out
    assert "enforced warn (regorus warn)" in done.out


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("residency",), "the family residency is required and not configured"),
        (("residency", "--settings", "none.yaml"), "none.yaml: the settings cannot be read"),
        (("residency", "--settings", "policylib.yaml", "--cell", "data_class=x"), "no such cell"),
        (("residency", "--settings", "policylib.yaml", "--cell", "x"), "DIMENSION=VALUE"),
        (("residency", "--settings", "policylib.yaml", "--approved", "none"), "none: it cannot be"),
        (("residency", "--inputs", "0"), "a number from 1"),
        (("digest", "--settings", "policylib.yaml", "--env", "prd"), "name no environment 'prd'"),
        (("digest", "--settings", "policylib.yaml", "--rule", "digest.x"), "nothing is planted"),
        (("digest", "--rule", "digest.x", "--cell", "a=b"), "it asks about no cells"),
        (
            ("diff", "--kind", "digest", "--env", "x", "policylib.yaml", "policylib.yaml"),
            "policylib.yaml: the settings name no environment 'x'",
        ),
        (("residency", "--engine", "opaa"), "unknown engine: opaa (did you mean opa?"),
        (("residency", "--format", "xml"), "unknown format: xml"),
        (("diff", "none.json", "none.json"), "none.json: it cannot be read: No such file"),
        (("diff", "policylib.yaml", "policylib.yaml"), "this is no matrix"),
        (("diff", "--kind", "residency", "main:x.yaml", "policylib.yaml"), "main:x.yaml: "),
    ],
)
def test_what_cannot_be_done_is_an_error(
    folder: Path, arguments: tuple[str, ...], what: str
) -> None:
    other = folder / "elsewhere"
    other.mkdir()
    where = other if arguments == ("residency",) else folder
    done = rc("matrix", *arguments, cwd=where)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert what in done.err


def test_matrices_are_compared(folder: Path) -> None:
    rc(*RESIDENCY, "--format", "json", "--output", "old.json", cwd=folder)
    same = rc("matrix", "diff", "old.json", "old.json", cwd=folder)
    assert same.code == 0
    assert same.out.startswith("residency: old.json → old.json: the same ")
    wider = SETTINGS.replace("pii: [us-east-1]", "pii: [us-east-1, us-west-2]")
    (folder / "policylib.yaml").write_text(wider)
    rc(*RESIDENCY, "--format", "json", "--output", "new.json", cwd=folder)
    done = rc("matrix", "diff", "old.json", "new.json", "--format", "json", cwd=folder)
    assert done.code == 1
    changes = json.loads(done.out)["changes"]
    assert {change["at"]["data_class"] for change in changes} == {"pii"}
    text = rc("matrix", "diff", "old.json", "new.json", cwd=folder)
    assert text.code == 1
    assert "deny → allow" in text.out


def test_settings_of_two_git_revisions_are_compared(folder: Path) -> None:
    deploy = folder / "deploy"
    deploy.mkdir()
    (folder / "policylib.yaml").rename(deploy / "policylib.yaml")
    settings = deploy / "policylib.yaml"
    settings.write_text(f"{SETTINGS}catalog: ../catalog.yaml\n")
    (folder / "catalog.yaml").write_text("services: {web: {tier: gold, owner: a, oncall: b}}\n")
    git(folder, "init", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "a")
    (folder / "catalog.yaml").unlink()
    settings.write_text(SETTINGS.replace("logs: [us-west-2]", "logs: [us-west-2, us-east-1]"))
    before = "main:deploy/policylib.yaml"
    done = rc("matrix", "diff", *OPTIONS, before, "deploy/policylib.yaml", cwd=folder)
    assert (done.code, done.err) == (1, "")
    assert "data_class logs" in done.out
    assert "data_class pii" not in done.out
    table = rc(
        *("matrix", "diff", *OPTIONS, "--format", "markdown"),
        *("main:./policylib.yaml", "policylib.yaml"),
        cwd=deploy,
    )
    assert table.code == 1
    assert "| changed | `data_class logs" in table.out
    same = rc("matrix", "diff", *OPTIONS, before, before, cwd=folder)
    assert same.code == 0


def test_a_revision_has_no_files_outside_its_repository(folder: Path) -> None:
    git(folder, "init")
    done = rc("matrix", "diff", "HEAD:../a.json", "HEAD:../a.json", cwd=folder)
    assert done.code == 2
    assert "HEAD:../a.json: it lies outside the repository" in done.err
