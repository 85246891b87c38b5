"""`rc rules`, `explain`, `normalise`, `bundle build` and `completion`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from policylib import rules
from tests import tools
from tests.cli.program import pod, rc


def test_rules_are_listed(tmp_path: Path) -> None:
    done = rc("rules", cwd=tmp_path)
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == list(rules.load().rules)


def test_rules_as_json_tell_everything(tmp_path: Path) -> None:
    listed = json.loads(rc("rules", "--format", "json", cwd=tmp_path).out)
    assert listed == [rule.model_dump(mode="json") for rule in rules.load().rules.values()]


@pytest.mark.parametrize("rule", sorted(rules.load().rules))
def test_every_rule_is_explained_with_remedy_and_examples(tmp_path: Path, rule: str) -> None:
    done = rc("explain", rule, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{rule} ({rules.load().rules[rule].severity}): ")
    assert "What to do: " in done.out
    assert "\nAllowed:\n" in done.out
    assert "\nDenied:\n" in done.out


def test_normalised_documents_are_split_where_every_program_splits(tmp_path: Path) -> None:
    text = f"{pod('a')}--- # not where conftest splits\n{pod('b')}---\r\n{pod('c')}"
    done = rc("normalise", "-", cwd=tmp_path, stdin=text.encode())
    assert (done.code, done.err) == (0, "")
    images = [
        json.loads(part)["spec"]["containers"][0]["image"] for part in done.out.split("\n---\n")
    ]
    assert images == ["a", "b", "c"]


def test_conftest_sees_each_normalised_document(tmp_path: Path) -> None:
    policy = "package main\nimport rego.v1\ndeny contains input.spec.containers[0].image\n"
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/main.rego").write_text(policy)
    text = f"{pod('a')}--- \n{pod('b')}"
    normalised = rc("normalise", "-", cwd=tmp_path, stdin=text.encode()).out
    done = subprocess.run(
        [tools.path("conftest"), "test", "--output=json", "-"],
        cwd=tmp_path,
        input=normalised.encode(),
        capture_output=True,
        check=False,
    )
    said = [failure["msg"] for entry in json.loads(done.stdout) for failure in entry["failures"]]
    assert sorted(said) == ["a", "b"]


def test_nothing_is_normalised_when_anything_cannot_be_read(tmp_path: Path) -> None:
    text = f"{pod('a')}---\na: 1\na: 2\n"
    done = rc("normalise", "-", "gone.yaml", cwd=tmp_path, stdin=text.encode())
    assert (done.code, done.out) == (2, "")
    assert "error: -:10:1: " in done.err
    assert "error: gone.yaml:1:1: " in done.err
    assert rc("normalise", "-", cwd=tmp_path).code == 2


@pytest.mark.parametrize("target", ["opa", "conftest", "gatekeeper"])
def test_bundles_are_written_and_foreign_folders_refused(tmp_path: Path, target: str) -> None:
    arguments = ("bundle", "build", "--target", target, "--output", "out")
    done = rc(*arguments, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Wrote ")
    assert any(path.is_file() for path in (tmp_path / "out").rglob("*"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine.txt").write_text("mine")
    refused = rc(*arguments[:-1], "other", cwd=tmp_path)
    assert (refused.code, refused.out) == (2, "")
    assert rc(*arguments[:-1], "other", "--force", cwd=tmp_path).code == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_completion_scripts_know_commands_and_options(tmp_path: Path, shell: str) -> None:
    done = rc("completion", shell, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    for word in ("check", "explain", "normalise", "bundle", "sarif"):
        assert word in done.out


def test_bash_completes_commands_options_and_choices(tmp_path: Path) -> None:
    (tmp_path / "rc.bash").write_text(rc("completion", "bash", cwd=tmp_path).out)

    def completed(*words: str) -> set[str]:
        quoted = " ".join(f"'{word}'" for word in words)
        script = (
            f"source ./rc.bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
            "$(complete -p rc | sed 's/.*-F \\([^ ]*\\) .*/\\1/') rc "
            f"'{words[-1]}' '{words[-2]}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        )
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return {word.strip() for word in done.stdout.split("\n")} - {""}

    assert completed("rc", "ch") == {"check"}
    assert "--format" in completed("rc", "check", "--fo")
    assert completed("rc", "check", "--format", "sa") == {"sarif"}
    assert completed("rc", "bundle", "bu") == {"build"}
    assert "digest.image_pinned" in completed("rc", "explain", "dig")
    assert completed("rc", "settings", "mi") == {"migrate"}
    assert "tier.gold.slo" in completed("rc", "settings", "explain", "tier.gold.s")
    assert "--approver" in completed("rc", "exceptions", "baseline", "--a")
    assert completed("rc", "check", "rc.b") == {"rc.bash"}
