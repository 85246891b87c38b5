"""`rc new rule`: what it writes works as it is, in a folder of one's own and in a checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from policylib import overlay, rules, scaffold
from policylib.errors import RuleError
from tests import tools
from tests.cli.program import rc

ROOT = tools.ROOT
RULE = "our-rules/policylib/acme/owner_named/owner_named.rego"
DENIED = "fixtures/acme/owner_named/deny/not-annotated.yaml"


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with the rule acme.owner_named in `our-rules`."""
    done = rc("new", "rule", "acme/owner_named", "--rules", "our-rules", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    return tmp_path


def test_it_says_what_it_wrote_and_what_comes_next(tmp_path: Path) -> None:
    done = rc("new", "rule", "acme/owner_named", "--rules", "our-rules", cwd=tmp_path)
    written = [line.removeprefix("Wrote ") for line in done.out.splitlines() if "Wrote" in line]
    assert sorted(written) == sorted(files(tmp_path))
    assert "opa test our-rules " in done.out
    assert "rc check fixtures/acme/owner_named/deny --rules our-rules" in done.out
    assert "Add to" not in done.out


def test_the_rule_judges_its_examples_at_once(made: Path) -> None:
    denied = rc("check", "fixtures/acme/owner_named/deny", "--rules", "our-rules", cwd=made)
    assert denied.code == 1
    assert f"{DENIED}:4:1: deny[acme.owner_named]: the annotation" in denied.out
    assert denied.out.count("deny[") == 1
    allowed = rc("check", "fixtures/acme/owner_named/allow", "--rules", "our-rules", cwd=made)
    assert (allowed.code, allowed.err) == (0, "")


def test_ours_judge_beside_it(made: Path) -> None:
    (made / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: nginx}]}\n"
    )
    done = rc("check", "pod.yaml", "--rules", "our-rules", cwd=made)
    assert "deny[acme.owner_named]" in done.out
    assert "deny[digest.image_pinned]" in done.out
    listed = rc("rules", "--rules", "our-rules", cwd=made).out
    assert "acme.owner_named" in listed
    assert "residency.region_allowed" in listed


def test_its_setting_is_known(made: Path) -> None:
    settings = made / "settings.yaml"
    settings.write_text("version: 1\nacme: {owner_named_annotation: app.example.com/owner}\n")
    option = ("--settings", "settings.yaml", "--rules", "our-rules")
    done = rc("check", DENIED, *option, cwd=made)
    assert "the annotation app.example.com/owner is missing" in done.out
    settings.write_text("version: 1\nacme: {owner_named_anotation: a}\n")
    done = rc("check", DENIED, *option, cwd=made)
    assert done.code == 2
    assert "did you mean owner_named_annotation" in done.err


def test_every_target_takes_it(made: Path) -> None:
    for target in ("opa", "conftest", "gatekeeper"):
        done = rc(
            "bundle", "build", "--target", target, "-o", target, "--rules", "our-rules", cwd=made
        )
        assert (done.code, done.err) == (0, ""), target
    said = subprocess.run(
        [tools.path("conftest"), "test", "--policy", "conftest", DENIED],
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the annotation example.com/owner_named is missing" in said.stdout
    assert any("K8sAcmeOwnerNamed" in text for text in files(made / "gatekeeper").values())


def test_it_passes_the_compiler_the_formatter_and_its_own_test(made: Path) -> None:
    opa = str(tools.path("opa"))
    for command in (
        [opa, "check", "--strict", "our-rules", str(ROOT / "rego")],
        [opa, "fmt", "--fail", "our-rules"],
    ):
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    library = str(ROOT / "rego" / "policylib" / "lib")
    tested = subprocess.run(
        [opa, "test", "our-rules", library, "-r", "owner_named", "--coverage", "--format", "json"],
        cwd=made,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(tested.stdout)["files"][RULE]["coverage"] == 100


def test_it_passes_the_lint_of_this_repository(made: Path) -> None:
    """Beside the libraries that it uses, since the lint looks for what is imported."""
    for name in ("read", "review", "settings"):
        library = f"policylib/lib/{name}/{name}.rego"
        (made / "our-rules" / library).parent.mkdir(parents=True)
        shutil.copy(ROOT / "rego" / library, made / "our-rules" / library)
    config = str(ROOT / ".regal" / "config.yaml")
    done = subprocess.run(
        [
            str(tools.path("regal")),
            "lint",
            "--config-file",
            config,
            "--format",
            "json",
            "our-rules",
        ],
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stdout)
    assert said["summary"]["files_scanned"] == 6
    files = {violation["location"]["file"] for violation in said["violations"] or []}
    assert not [file for file in files if "acme" in file]


def test_a_second_rule_of_the_family_is_asked_already(made: Path) -> None:
    before = files(made)
    done = rc("new", "rule", "acme.other_thing", "--rules", "our-rules", cwd=made)
    assert done.code == 0
    assert {path: text for path, text in files(made).items() if path in before} == before
    folder = "fixtures/acme/other_thing/deny"
    checked = rc("check", folder, "--rules", "our-rules", cwd=made)
    assert "deny[acme.other_thing]" in checked.out


def test_a_rule_of_a_family_of_ours_needs_no_decision(tmp_path: Path) -> None:
    done = rc("new", "rule", "digest/reviewed", "--rules", "our-rules", cwd=tmp_path)
    assert done.code == 0
    assert not (tmp_path / "our-rules" / "policylib" / "decision").exists()
    folder = "fixtures/digest/reviewed/deny"
    checked = rc("check", folder, "--rules", "our-rules", cwd=tmp_path)
    assert "deny[digest.reviewed]" in checked.out


def test_a_decision_of_ones_own_is_told_its_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rego", tmp_path / "rego")
    done = rc("new", "rule", "acme/owner_named", "--rules", "rego", cwd=tmp_path)
    line = "by_family.acme[rule] contains v if some v in data.policylib.acme[rule].violation"
    assert f"Add to rego/policylib/decision/decision.rego:\n  {line}\n" in done.out
    unasked = rc("check", DENIED, "--rules", "rego", cwd=tmp_path)
    assert unasked.code == 2
    assert "the decision does not ask acme.owner_named" in unasked.err
    decision = tmp_path / "rego" / "policylib" / "decision" / "decision.rego"
    decision.write_text(f"{decision.read_text()}\n{line}\n")
    assert "deny[acme.owner_named]" in rc("check", DENIED, "--rules", "rego", cwd=tmp_path).out


def test_in_a_checkout_the_rule_goes_to_its_own_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "rego", tmp_path / "rego")
    monkeypatch.setattr(rules, "root", lambda: tmp_path / "rego")
    made = scaffold.rule("digest/reviewed", tmp_path / "rego")
    assert not made.missing_line
    assert (tmp_path / "fixtures" / "digest" / "reviewed" / "deny" / "not-annotated.yaml").is_file()
    assert "digest.reviewed" in rules.load(tmp_path / "rego").rules


def test_rules_that_travel_with_policylib_are_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policylib.cli import new_rule

    monkeypatch.setattr(rules, "root", lambda: tmp_path / "rego")
    with pytest.raises(RuleError, match="not for changing"):
        new_rule._checkout()


def test_nothing_is_overwritten(made: Path) -> None:
    before = files(made)
    done = rc("new", "rule", "acme/owner_named", "--rules", "our-rules", cwd=made)
    assert done.code == 2
    assert "this is there already" in done.err
    assert files(made) == before
    (made / DENIED).unlink()
    (made / DENIED).symlink_to(made / "elsewhere")
    (made / RULE).unlink()
    done = rc("new", "rule", "acme/owner_named", "--rules", "our-rules", cwd=made)
    assert done.code == 2
    assert not (made / "elsewhere").exists()
    assert not (made / RULE).exists()


def test_all_is_written_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "fixtures").write_text("a file where a folder should be\n")
    done = rc("new", "rule", "acme/owner_named", "--rules", "our-rules", cwd=tmp_path)
    assert done.code == 2
    assert "cannot be written" in done.err
    assert set(files(tmp_path)) == {"fixtures"}


@pytest.mark.parametrize(
    "name",
    [
        "acme", "acme/", "/x", "", "acme/x/y", "Acme/x", "acme/X", "acme/1x", "acme/x-y", "acme/_x",
        "../x/y", "acme/..", "acme/x\n", "acmé/x", "lib/x", "decision/x", "entrypoints/x",
        "conftest/x", "exceptions/x", "enforcement/x", "labels/x", "catalog/x", "input/x", "data/x",
        "not/x", "acme/package", "acme/x_test", "acme/" + "x" * 65,
    ],
)  # fmt: skip
def test_names_that_no_rule_can_have(name: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"no (family|rule) can be called"):
        scaffold.rule(name, tmp_path / "our-rules")
    assert list(tmp_path.iterdir()) == []


OURS = {
    overlay.DECISION: "package policylib.decision\n",
    "policylib/lib/read/read.rego": "package policylib.lib.read\n",
}


def test_own_rules_are_laid_over_ours() -> None:
    theirs = {
        "policylib/acme/x/x.rego": "package policylib.acme.x\n",
        "policylib/decision/acme.rego": "# Asks acme.\npackage policylib.decision\n",
    }
    assert overlay.over(theirs, lambda: OURS, "our-rules") == {**OURS, **theirs}


def test_a_folder_with_a_decision_stands_alone() -> None:
    theirs = {overlay.DECISION: "package policylib.decision\n"}
    assert overlay.over(theirs, lambda: OURS, "our-rules") == theirs


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("policylib/lib/read/read.rego", "package policylib.lib.read\n"),
        ("policylib/lib/read/more.rego", "package policylib.lib.read\n"),
        ("elsewhere.rego", "# x\npackage policylib.lib.read # x\n"),
    ],
)
def test_what_policylib_brings_is_not_changed_from_outside(path: str, text: str) -> None:
    with pytest.raises(RuleError, match=f"our-rules/{path}: this stands where policylib"):
        overlay.over({path: text}, lambda: OURS, "our-rules")
