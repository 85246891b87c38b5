"""The reference engine: a real OPA, for parity and for those who want its word."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policylib.engine.interface import Answer, Failure, Value
from policylib.errors import EngineError

MINIMUM_VERSION = (1, 22, 2)
INSTALL = "install OPA 1.22.2 or later and put it on PATH"
_RULE = re.compile(r"data(\.[A-Za-z_]\w*)+", re.ASCII)


class OpaEngine:
    """Evaluates rules with the `opa` program, many inputs a process.

    Parameters
    ----------
    modules
        Path → source of each Rego module.
    data
        The base document; `data["settings"]` is what rules read as `data.settings`.
    binary
        The program; None takes the `opa` on PATH.
    timeout
        Seconds that one process may take.

    Raises
    ------
    EngineError
        There is no OPA, or it is older than 1.22.2.
    """

    name = "opa"

    def __init__(
        self,
        modules: Mapping[str, str],
        data: Mapping[str, Any],
        binary: Path | None = None,
        timeout: float = 60.0,
    ) -> None:
        self._modules = dict(modules)
        self._data = json.dumps(data, allow_nan=False)
        self._timeout = timeout
        self._binary = _find() if binary is None else str(binary)
        self.version = self._version()

    def evaluate(self, rule: str, inputs: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """Answer each input: the rule's value, or why there is none.

        An input whose evaluation fails does not touch the others. An undefined rule is a failure.

        Raises
        ------
        EngineError
            The modules do not compile, or `rule` is not the path of a rule.
        """
        if _RULE.fullmatch(rule) is None:
            raise EngineError(f"{rule!r} is not the path of a rule", where="opa")
        answers: list[Answer] = [Failure("")] * len(inputs)
        texts: dict[int, str] = {}
        for index, document in enumerate(inputs):
            try:
                texts[index] = json.dumps(document, allow_nan=False)
            except (ValueError, TypeError, RecursionError) as error:
                answers[index] = Failure(f"the input cannot be written as JSON: {error}")
        with TemporaryDirectory(prefix="policylib-opa-") as folder:
            self._write(Path(folder))
            for index, answer in self._answer(Path(folder), rule, texts).items():
                answers[index] = answer
        return answers

    def _version(self) -> str:
        try:
            said = self._run(["version"], None, Path.cwd()).stdout
        except _NoAnswerError as error:
            raise EngineError(str(error), where=self._binary) from error
        found = re.search(r"^Version: ((\d+)\.(\d+)\.(\d+)\S*)$", said, re.MULTILINE)
        if found is None:
            raise EngineError("the program does not state a version", where=self._binary)
        if tuple(int(part) for part in found.groups()[1:]) < MINIMUM_VERSION:
            raise EngineError(f"OPA {found[1]} is too old", where=self._binary, remedy=INSTALL)
        return found[1]

    def _write(self, folder: Path) -> None:
        for name, source in self._modules.items():
            path = folder / "rego" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        (folder / "data.json").write_text(self._data, encoding="utf-8")

    def _answer(self, folder: Path, rule: str, texts: Mapping[int, str]) -> dict[int, Answer]:
        """Ask for all inputs at once; when that fails, for each half."""
        if not texts:
            return {}
        try:
            values = self._ask(folder, rule, list(texts.values()))
        except _NoAnswerError as error:
            if len(texts) == 1:
                return dict.fromkeys(texts, Failure(str(error)))
            items = list(texts.items())
            half = len(items) // 2
            return self._answer(folder, rule, dict(items[:half])) | self._answer(
                folder, rule, dict(items[half:])
            )
        undefined = Failure(f"{rule} is undefined")
        return {
            index: Value(values[str(position)]) if str(position) in values else undefined
            for position, index in enumerate(texts)
        }

    def _ask(self, folder: Path, rule: str, texts: Sequence[str]) -> dict[str, Any]:
        query = f"x := {{i: v | some i, one in input; v := {rule} with input as one}}"
        command = ["eval", "--format=json", "--strict-builtin-errors", "--stdin-input"]
        command += ["--optimize-store-for-read-speed"]  # facts of many images are read often
        command += ["--data=rego", "--data=data.json", query]
        done = self._run(command, f"[{','.join(texts)}]", folder)
        try:
            said = json.loads(done.stdout)
        except ValueError as error:
            raise _NoAnswerError(
                done.stderr.strip()[-2000:] or "OPA ended without a word"
            ) from error
        errors = said.get("errors") or []
        if static := [e["message"] for e in errors if str(e.get("code", "")).startswith("rego_")]:
            raise EngineError("; ".join(static), where="opa", remedy="correct the Rego")
        if errors or done.returncode != 0:
            raise _NoAnswerError("; ".join(e["message"] for e in errors) or done.stderr.strip())
        values: dict[str, Any] = said["result"][0]["bindings"]["x"]
        return values

    def _run(
        self, arguments: Sequence[str], text: str | None, folder: Path
    ) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [self._binary, *arguments],
                input=text,
                cwd=folder,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _NoAnswerError(f"no answer within {self._timeout:g} seconds") from error
        except OSError as error:
            raise EngineError(
                f"OPA does not run: {error.strerror}", where=self._binary, remedy=INSTALL
            ) from error


class _NoAnswerError(Exception):
    """A process gave no value for its inputs."""


def _find() -> str:
    found = shutil.which("opa")
    if found is None:
        raise EngineError("there is no `opa` on PATH", where="opa", remedy=INSTALL)
    return found
