"""The Rego of this repository, and its own tests asked in process."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from policylib.engine.interface import Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError
from tests import tools

REGO = tools.ROOT / "rego"
TIME_LIMIT = 10.0

_PACKAGE = re.compile(r"^package (\S+)", re.MULTILINE)
_IMPORT = re.compile(r"^import data\.(\S+)", re.MULTILINE)
_FULL_PATH = re.compile(r"\bdata\.policylib\.(?:digest|provenance|residency|tier)\b")
_TEST = re.compile(r"^(test_\w+)", re.MULTILINE)


@functools.cache
def sources() -> Mapping[str, str]:
    """Path below rego/ → text, of everything."""
    paths = sorted(REGO.rglob("*.rego"))
    return {path.relative_to(REGO).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def modules() -> list[str]:
    """The paths of what is no test."""
    return [path for path in sources() if not path.endswith("_test.rego")]


def test_of(path: str) -> str:
    """The module with the tests of a module."""
    return path.removesuffix(".rego") + "_test.rego"


def tests_in(path: str) -> list[str]:
    """The full paths of the tests in a module."""
    text = sources()[path]
    package = _PACKAGE.findall(text)[0]
    return [f"data.{package}.{name}" for name in _TEST.findall(text)]


def closure(*paths: str) -> set[str]:
    """The modules and all that they import; everything, when one asks for whole families."""
    found: set[str] = set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            text = sources()[path]
            if _FULL_PATH.search(text):
                return {*found, *waiting, *modules()}
            waiting += [one for name in _IMPORT.findall(text) for one in _providers(name)]
    return found


def _providers(name: str) -> Iterable[str]:
    packages = _packages()
    return packages.get(name) or packages.get(name.rpartition(".")[0]) or ()


@functools.cache
def _packages() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in modules():
        found.setdefault(_PACKAGE.findall(sources()[path])[0], []).append(path)
    return found


def failures(texts: Mapping[str, str], tests: Iterable[str]) -> dict[str, str]:
    """The tests that regorus does not pass, each with what it says instead."""
    try:
        engine = RegorusEngine(texts, {}, time_limit=TIME_LIMIT)
    except EngineError as error:
        return dict.fromkeys(tests, str(error))
    answers = {test: engine.evaluate(test, [{}])[0] for test in tests}
    return {test: str(a) for test, a in answers.items() if a != Value(value=True)}


def without_line(text: str, number: int) -> str:
    """A text without one of its lines, which count from 0."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[:number] + lines[number + 1 :])


def code_lines(text: str) -> list[int]:
    """The numbers of the lines that are neither empty nor a comment."""
    lines = map(str.strip, text.splitlines())
    return [number for number, line in enumerate(lines) if line and not line.startswith("#")]
