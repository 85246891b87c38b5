"""The real Kyverno CLI: policies and resources in, a verdict of each out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import policylib
from policylib.bundle import kyverno
from policylib.settings import Settings
from tests import tools

Verdicts = dict[tuple[str, str], str]
"""The policy's rule and the resource's name → pass, fail, error or skip."""


def run(policies: Iterable[Path], resources: Path, *options: str | Path) -> Any:
    """The finished process of `kyverno apply`, whatever it came to."""
    command: list[str | Path] = [
        tools.path("kyverno"),
        "apply",
        *policies,
        "--resource",
        resources,
        *options,
    ]
    report = ("--policy-report", "--output-format", "json")
    return subprocess.run(
        [*command, *report], capture_output=True, text=True, check=False, timeout=300
    )


def results(policies: Iterable[Path], resources: Path, *options: str | Path) -> list[Any]:
    """What Kyverno reports; nothing where no policy asks for any of the resources."""
    done = run(policies, resources, *options)
    assert done.returncode in {0, 1}, done.stderr
    assert "invalid" not in done.stdout.lower().partition("{")[0], done.stdout
    text = done.stdout[done.stdout.find("{") :] if "{" in done.stdout else '{"results": []}'
    assert done.returncode == 0 or "{" in done.stdout, done.stdout + done.stderr
    found: list[Any] = json.loads(text)["results"]
    return found


def verdicts(policies: Iterable[Path], resources: Path, *options: str | Path) -> Verdicts:
    """The verdict of each rule on each resource that it was asked about."""
    found: Verdicts = {}
    for one in results(policies, resources, *options):
        rule = one["policy"].removesuffix("-custom")
        for resource in one["resources"]:
            key = (rule, resource["name"])
            assert key not in found, f"{key} is judged twice"
            found[key] = one["result"]
    return found


def denied(found: Verdicts, rule: str) -> set[str]:
    """The resources that a rule does not let pass; an error denies, as the policies fail closed."""
    name = f"policylib-{rule.replace('.', '-').replace('_', '-')}"
    return {to for (by, to), verdict in found.items() if by == name and verdict in DENIALS}


DENIALS = {"fail", "error"}


def load(**settings: Any) -> policylib.Policy:
    """The policy of settings that a test makes up."""
    policy = policylib.load()
    environment = settings.pop("environment", None)
    return replace(policy, settings=Settings(**settings), environment=environment)


def written(folder: Path, policy: policylib.Policy) -> list[Path]:
    """The policies of a policy, as files."""
    kyverno.write(policy, folder)
    return sorted((folder / "policies").iterdir())


def stream(file: Path, documents: Sequence[Mapping[str, Any]]) -> Path:
    """Documents in one file."""
    file.write_text("---\n".join(f"{json.dumps(one)}\n" for one in documents))
    return file
