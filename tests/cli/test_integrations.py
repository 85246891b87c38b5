"""The hook, the action and the guides say what the program really does."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policylib import _native
from policylib.cli.parser import command_of
from tests.cli.program import PINNED, RC, pod

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs/guide").glob("*.md"))


def yaml(name: str) -> Any:
    documents, problems = _native.read(name, (ROOT / name).read_bytes())
    assert problems == []
    (only,) = documents
    return json.loads(only)


def parses(words: list[str]) -> None:
    assert words[0] == "rc"
    command, rest = command_of("rc", words[1:])
    command.parser.read(rest)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_command_in_a_guide_is_one(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    lines = re.findall(r"^\s*(?:\$ .*?|- (?:run: )?)\b(rc .*)$", text, re.MULTILINE)
    for line in lines:
        for part in re.split(r"[|>]|&&", line):
            words = shlex.split(part, comments=True)
            if words and words[0] == "rc":
                parses(words)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_example_in_a_guide_gives_what_it_says(guide: Path) -> None:
    outcome = doctest.testfile(
        str(guide), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
    )
    assert outcome.failed == 0


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_link_in_a_guide_leads_somewhere(guide: Path) -> None:
    for link in re.findall(r"\]\((?!https://)([^)#]+)", guide.read_text(encoding="utf-8")):
        assert (guide.parent / link).exists(), link


class TestHooks:
    @pytest.mark.parametrize("hook", yaml(".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])
    def test_the_entry_is_a_command(self, hook: dict[str, Any]) -> None:
        parses([*shlex.split(hook["entry"]), *hook.get("args", []), "a.yaml"])

    def test_changed_files_are_checked_and_templates_left_out(self, tmp_path: Path) -> None:
        hooks: list[dict[str, Any]] = yaml(".pre-commit-hooks.yaml")
        hook = next(hook for hook in hooks if hook["id"] == "policylib")
        assert re.search(hook["exclude"], "charts/app/templates/pod.yaml")
        assert not re.search(hook["exclude"], "my-templates/pod.yaml")
        program, *words = shlex.split(hook["entry"]) + hook["args"]
        for name, image, code in (("good.yaml", PINNED, 0), ("-bad.yaml", "nginx", 1)):
            (tmp_path / name).write_text(pod(image))
            done = subprocess.run(
                [RC.with_name(program), *words, name],
                cwd=tmp_path,
                capture_output=True,
                check=False,
            )
            assert done.returncode == code


class TestAction:
    action = yaml("action.yml")

    def step(self, name: str) -> dict[str, Any]:
        (found,) = [step for step in self.action["runs"]["steps"] if step["name"] == name]
        assert isinstance(found, dict)
        return found

    def check(self, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the step as the runner does: inputs are text in its environment."""
        given = {name: entry["default"] for name, entry in self.action["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        step = self.step("Check")
        environment = {
            key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], value)
            for key, value in step["env"].items()
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env=os.environ
            | environment
            | {"PATH": f"{RC.parent}:{os.environ['PATH']}", "RUNNER_TEMP": str(folder)}
            | {"GITHUB_STEP_SUMMARY": str(folder / "summary.md")},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_inputs_reach_scripts_through_the_environment_alone(self) -> None:
        for step in self.action["runs"]["steps"]:
            assert "uses" not in step
            assert "${{" not in step["run"]

    @pytest.mark.parametrize(("image", "code"), [(PINNED, 0), ("nginx", 1)])
    def test_the_check_passes_on_its_exit_code(self, tmp_path: Path, image: str, code: int) -> None:
        (tmp_path / "pod.yaml").write_text(pod(image))
        done = self.check(tmp_path)
        assert (done.returncode, done.stderr) == (code, "")
        assert ("::error file=pod.yaml,line=7," in done.stdout) is bool(code)

    def test_every_input_has_its_effect(self, tmp_path: Path) -> None:
        (tmp_path / "a b").mkdir()
        (tmp_path / "a b/pod.yaml").write_text(pod("nginx"))
        (tmp_path / "$(x).yaml").write_text(pod("nginx"))
        (tmp_path / "s.yaml").write_text("version: 1\nenforcement: {dev: {digest: warn}}\n")
        done = self.check(
            tmp_path,
            paths="a b\n\n$(x).yaml\n",
            settings="s.yaml",
            env="dev",
            format="text",
            summary="true",
            upload_sarif="true",
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "Checked 2 documents in 2 files: 2 violations (2 warned)" in done.stdout
        (run,) = json.loads((tmp_path / "policylib.sarif").read_text())["runs"]
        assert len(run["results"]) == 2
        assert "\n#### Warned: `digest.image_pinned` (2)\n" in (tmp_path / "summary.md").read_text()

    def test_nothing_named_is_an_error(self, tmp_path: Path) -> None:
        assert self.check(tmp_path, paths="\n").returncode == 2

    def test_the_guide_lists_every_input(self) -> None:
        guide = (ROOT / "docs/guide/ci.md").read_text(encoding="utf-8")
        for name in self.action["inputs"]:
            assert f"| `{name}` |" in guide

    @pytest.mark.parametrize("name", ["Install policylib", "Check", "Send to code scanning"])
    def test_scripts_are_valid_bash(self, name: str) -> None:
        subprocess.run(["bash", "-n", "-c", self.step(name)["run"]], check=True)
