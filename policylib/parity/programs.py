"""The programs of the engines: found where they are said to be, or on PATH, and never guessed.

What is claimed of an engine holds for the version that it was proven with, so another one is an
error and not a silent success.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policylib.errors import EngineError

PROVEN: Final[Mapping[str, str]] = {"opa": "1.22.2", "conftest": "0.71.1", "gator": "3.23.1"}
"""The version of each engine's program that the rules are proven with."""

_STATED: Final[Mapping[str, tuple[Sequence[str], str]]] = {
    "opa": (("version",), r"^Version: (\S+)$"),
    "conftest": (("--version",), r"^Conftest: v?(\S+)$"),
    "gator": (("version",), r"^GitVersion: +v?(\S+)$"),
}
_SECONDS = 60


@dataclass(frozen=True)
class Program:
    """The program of an engine, and the version that it states."""

    name: str
    path: Path
    version: str


def program(name: str, given: Path | None = None, *, any_version: bool = False) -> Program:
    """The program of an engine: the one that is given, else the one on PATH.

    Parameters
    ----------
    name
        One of `PROVEN`.
    given
        Where the program is; None looks on PATH.
    any_version
        Whether another version than the proven one will do.

    Raises
    ------
    EngineError
        There is none, it does not run or does not state a version, or it is another one.
    """
    install = f"install {name} {PROVEN[name]} and put it on PATH, or say where it is"
    path = shutil.which(given or name)
    if path is None:
        where = str(given) if given else name
        raise EngineError("there is no such program", where=where, remedy=install)
    version = _version(name, path, install)
    if version != PROVEN[name] and not any_version:
        what = f"{name} {version} is not the version that is proven, {PROVEN[name]}"
        raise EngineError(what, where=path, remedy=install)
    return Program(name, Path(path), version)


def _version(name: str, path: str, install: str) -> str:
    arguments, pattern = _STATED[name]
    try:
        done = subprocess.run(
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"it does not run: {error}", where=path, remedy=install) from error
    found = re.search(pattern, done.stdout, re.MULTILINE)
    if found is None:
        what = f"it does not state a version, as {name} would"
        raise EngineError(what, where=path, remedy=install)
    return found[1]
