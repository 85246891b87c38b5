"""The real conftest on the same packages and documents, and what both say in one form."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from policylib import packages
from policylib.inputs.interface import Source
from tests import tools

Verdict = Counter[tuple[str, str, str, str]]
"""How often a file gets a message from a rule, as a failure or a warning."""


def conftest(
    policy: Path, documents: Sequence[Path], namespaces: Iterable[str], data: Iterable[Path] = ()
) -> Verdict | str:
    """What `conftest test` says; its complaint when it gives no verdict."""
    command: list[str | Path] = [tools.path("conftest"), "test", "--policy", policy, "-o", "json"]
    for namespace in namespaces:
        command += ["--namespace", namespace]
    for one in data:
        command += ["--data", one]
    done = subprocess.run([*command, *documents], capture_output=True, text=True, check=False)
    if not done.stdout.startswith("["):
        return done.stdout + done.stderr
    return Counter(
        (file["filename"], result["metadata"]["query"], result["msg"], level)
        for file in json.loads(done.stdout)
        for level in ("failures", "warnings")
        for result in file.get(level) or []
    )


def ours(loaded: packages.Packages, documents: Sequence[Path]) -> tuple[Verdict, list[str]]:
    """What the packages say here, and what kept them from it."""
    judgement = loaded.judge([Source(str(file)) for file in documents])
    verdict = Counter(
        (
            violation.file,
            violation.rule.replace("conftest", "data", 1),
            violation.message,
            "warnings" if violation.enforcement == "warn" else "failures",
        )
        for violation in judgement.violations
    )
    return verdict, [problem.message for problem in judgement.problems]


def written(folder: Path, files: dict[str, str]) -> list[Path]:
    """Files in a folder, with what they hold."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return [folder / name for name in files]
