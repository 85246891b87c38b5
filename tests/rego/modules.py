"""The Rego of this repository, and what each module of it imports."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from tests import tools

REGO = tools.ROOT / "rego"

_PACKAGE = re.compile(r"^package (\S+)", re.MULTILINE)
_IMPORT = re.compile(r"^import data\.(\S+)", re.MULTILINE)
_FULL_PATH = re.compile(r"\bdata\.policylib\.(?:digest|provenance|residency|tier)\b")


@functools.cache
def sources() -> Mapping[str, str]:
    """Path below rego/ → text, of everything."""
    paths = sorted(REGO.rglob("*.rego"))
    return {path.relative_to(REGO).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def modules() -> list[str]:
    """The paths of what is no test."""
    return [path for path in sources() if not path.endswith("_test.rego")]


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
