"""Refuses to write a report over what `rc check` has read for it: a slip would destroy that."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from policylib import reading
from policylib.errors import InputError, SettingsError
from policylib.inputs.interface import shown
from policylib.rules import root
from policylib.settings import FILE_NAME

if TYPE_CHECKING:
    from policylib.evaluate import Policy
    from policylib.inputs.interface import Collection
    from policylib.models import Report

PathLike = str | Path

_CHART: Final = "Chart.yaml"
# What Helm knows by its name at the top of a chart; a template may read any file below that.
_OF_A_CHART: Final = {
    _CHART,
    "Chart.lock",
    "requirements.yaml",
    "requirements.lock",
    "values.yaml",
    "values.schema.json",
    ".helmignore",
}


def refuse_input(
    names: argparse.Namespace, policy: Policy, collection: Collection, report: Report
) -> None:
    """Raise `InputError` when the output that the arguments name is one of the inputs."""
    output = names.output
    if output is None or not os.path.isfile(output):  # noqa: PTH113 - never raises
        return
    if (
        any(_same(file, output) for file in _files(names, policy))
        or any(_within(output, folder) for folder in _folders(names))
        or any(_is_of_chart(output, chart) for chart in _charts(collection))
        or _is_judged(output, policy, collection, report)
    ):
        raise InputError(
            "the output is one of the inputs",
            where=str(output),
            remedy="write the report elsewhere, or leave that file out with --exclude",
        )


def _files(names: argparse.Namespace, policy: Policy) -> Iterator[PathLike]:
    """The files that the arguments name, and those that the settings do."""
    yield from names.paths
    if names.facts is not None:
        yield names.facts
    for settings in (names.settings, Path(FILE_NAME)):
        if settings is not None:
            yield settings
            yield from _beside(settings, policy)


def _beside(settings: Path, policy: Policy) -> Iterator[Path]:
    from policylib.settings import files

    try:
        examined = files.examine(settings, policy.rules.known())
    except SettingsError:  # there is none, or it came through a pipe
        return
    for file in (examined.exceptions, examined.catalog):
        if file is not None:
            yield file.path


def _folders(names: argparse.Namespace) -> Iterator[PathLike]:
    """The folders of rules, packages and data; each may be a file, too."""
    yield root()
    yield from (one for one in (names.rules, names.policy, *names.policy_data) if one is not None)


def _charts(collection: Collection) -> Iterator[str]:
    """The folders of charts, also of those that could not be rendered."""
    yield from (one.name for one in collection.sources if os.path.isdir(one.name))  # noqa: PTH112
    for problem in collection.problems:
        if PurePath(problem.file).name == _CHART:
            yield str(PurePath(problem.file).parent)


def _is_of_chart(output: Path, chart: str) -> bool:
    """Say whether Helm reads a file; at the top of a chart an earlier report may stand."""
    return any(len(path.parts) > 1 or path.name in _OF_A_CHART for path in _within(output, chart))


def _is_judged(output: Path, policy: Policy, collection: Collection, report: Report) -> bool:
    """Say whether a file was found in a folder and judged.

    What no rule knows may be replaced, since an earlier report is found so, and so may reports
    for a cluster, which are objects too.
    """
    found = next((one.name for one in collection.sources if _same(one.name, output)), None)
    if found is None:
        return False
    try:
        content = reading.read(output)
    except OSError:
        return True  # whatever it holds now, it was an input
    unknown = policy.packages is None and _is_unknown(found, content, report)
    return not (unknown or _is_report(content))


def _is_unknown(name: str, content: bytes, report: Report) -> bool:
    """Say whether every document of a file was skipped."""
    from policylib._native import read

    documents, problems = read(name, content)
    skipped = sum(one.file == name for one in report.skipped)
    return not problems and 0 < skipped == len(documents)


def _is_report(content: bytes) -> bool:
    """Say whether all that a file holds are reports of ours for a cluster."""
    from policylib.report.policyreport import ours

    try:
        return ours(content.decode())
    except ValueError:  # not text
        return False


def _within(output: Path, folder: PathLike) -> list[PurePath]:
    """The paths of a file in a folder: as both are named, and by the links that they follow."""
    wholes = (os.path.abspath, os.path.realpath)
    pairs = [[PurePath(shown(whole(one))) for one in (output, folder)] for whole in wholes]
    return [path.relative_to(base) for path, base in pairs if path.is_relative_to(base)]


def _same(file: PathLike, output: Path) -> bool:
    """Say whether both lead to one file; a source's name has written out what is not UTF-8."""
    try:
        return os.path.samefile(file, output)  # noqa: PTH121 - a name may be any text
    except (OSError, ValueError):  # a glob, standard input, gone meanwhile, or written out
        return os.path.abspath(file) == shown(os.path.abspath(output))  # noqa: PTH100
