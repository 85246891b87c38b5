"""OPA's word on what regorus does not notice: whether it compiles, and tests that only OPA runs."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policylib.errors import EngineError
from policylib.mutation.judge import SURVIVED, Verdict

_TIMEOUT = 120.0


@dataclass(frozen=True)
class Opa:
    """The `opa` program at a path, and the data that tests read."""

    program: str
    data: Mapping[str, Any]

    def judge(self, texts: Mapping[str, str], tests: Sequence[str]) -> Verdict:
        """Compile modules (path → text) and run some of their tests, by full path.

        Raises `EngineError` when OPA does not run.
        """
        with TemporaryDirectory(prefix="policylib-mutant-") as folder:
            _write(Path(folder), texts, self.data)
            if not tests:
                return self._check(folder)
            return self._test(folder, tests)

    def _check(self, folder: str) -> Verdict:
        done = self._run(["check", folder])
        if done is None:
            return Verdict("killed", "the time limit of OPA")
        return SURVIVED if done.returncode == 0 else Verdict("invalid", _last(done.stderr, folder))

    def _test(self, folder: str, tests: Sequence[str]) -> Verdict:
        pattern = "|".join(f"^{re.escape(name)}$" for name in tests)
        done = self._run(["test", "--format", "json", "--run", pattern, folder])
        if done is None:
            return Verdict("killed", "the time limit of OPA")
        try:
            results = json.loads(done.stdout)
        except ValueError:
            return Verdict("invalid", _last(done.stderr or done.stdout, folder))
        if not isinstance(results, list):
            return Verdict("invalid", _last(done.stdout, folder))
        failed = [one for one in results if one.get("fail") or one.get("error")]
        if failed:
            return Verdict("killed", f"{failed[0]['package']}.{failed[0]['name']} (in OPA)")
        if done.returncode != 0:
            return Verdict("invalid", _last(done.stderr, folder))
        return SURVIVED

    def _run(self, arguments: list[str]) -> subprocess.CompletedProcess[str] | None:
        command = [self.program, *arguments]
        try:
            return subprocess.run(
                command,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        except OSError as error:
            raise EngineError(f"OPA does not run: {error.strerror}", where=self.program) from error


def _write(folder: Path, texts: Mapping[str, str], data: Mapping[str, Any]) -> None:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")


def _last(text: str, folder: str) -> str:
    return " ".join(text.replace(f"{folder}/", "").split())[-500:]
