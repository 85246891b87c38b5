"""Files, folders, globs and Helm charts, as the native discovery finds them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from policylib import reading
from policylib._native import discover
from policylib.inputs.interface import Collection, Source, shown
from policylib.models import Problem

PathLike = str | os.PathLike[str]


def collect(paths: Iterable[PathLike], *, exclude: Sequence[str] = ()) -> Collection:
    """Find what `paths` name: files as they are, folders searched, charts rendered by Helm.

    Whatever cannot be found, read or rendered becomes a problem of the collection.
    """
    asked = [os.fsdecode(path) for path in paths]
    nameable = [path for path in asked if _nameable(path)]
    files, charts, unreadable = discover(nameable, [glob for glob in exclude if _nameable(glob)])
    sources, problems = [], [_problem(path, text) for path, text in unreadable]
    problems += [_problem(path, "no file has this name") for path in asked if not _nameable(path)]
    for file in files:
        try:
            sources.append(_source(file))
        except OSError as error:
            problems.append(_problem(file, f"cannot be read: {error.strerror}"))
    if charts:
        from policylib.inputs import helm  # it starts programs, which takes long to import

        rendered, failed = helm.render_all([Path(chart) for chart in charts])
        sources += rendered
        problems += failed
    return Collection(tuple(map(shown, asked)), tuple(sources), tuple(problems))


def _nameable(path: str) -> bool:
    """Whether the system has bytes for a name; for most lone surrogates it has none."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _source(file: PathLike) -> Source:
    """A file that the engine reads by its name, or here when the name is not UTF-8."""
    name = shown(file)
    return Source(name, None if name == os.fspath(file) else reading.read(Path(file)))


def _problem(path: PathLike, message: str) -> Problem:
    return Problem(file=shown(path), line=1, column=1, message=message)
