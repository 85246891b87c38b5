"""Check manifests, Helm charts and values files against the rules.

For example:
  $ rc check .                                   all manifests below here
  $ rc check deploy/ 'apps/**/*.yaml'            a folder and a glob
  $ rc check charts/app --env prod               a chart, as production enforces it
  $ kustomize build overlays/prod | rc check -   what another program renders
  $ rc check . --format sarif --output rc.sarif  for a code-scanning service

exit codes: 0 nothing is denied, 1 violations, 2 something could not be checked
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common
from policylib.cli.output import Outcome, colored
from policylib.cli.progress import progress
from policylib.errors import InputError
from policylib.report import FORMATS, Options, reporter

if TYPE_CHECKING:
    from policylib.inputs.interface import Collection
    from policylib.models import Report


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to check, by which rules, and how to say what came of it."""
    common.add_paths(parser)
    common.add_rules(parser)
    common.add_settings(parser)
    common.add_facts(parser)
    common.add_packages(parser)
    common.add_format(parser, FORMATS)
    common.add_output(parser)
    parser.add_argument(
        "--allow-empty", action="store_true", help="finding nothing to check is fine"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="list what was skipped")
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary, no progress")
    common.add_color(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Check, and report in the format that was asked for."""
    policy = common.load_policy(names)
    collection = common.collect(names, policy.settings.exclude)
    with progress(None if names.quiet else sys.stderr) as tell:
        report = policy.check_collection(collection, allow_empty=names.allow_empty, progress=tell)
    options = Options(
        color=colored(names.color, sys.stdout if names.output is None else None),
        verbose=names.verbose,
        summary=not names.quiet,
        root=_repository(),
        texts={
            source.name: source.content.decode("utf-8", errors="replace")
            for source in collection.sources
            if source.content is not None
        },
    )
    _refuse_input(names, collection, report)
    text = reporter(names.format)(report, policy.described, options)
    return Outcome(report.exit_code, text, names.output)


def _repository() -> Path:
    """The folder that links start from: the repository's, or else the current one."""
    try:
        here = Path.cwd()
        folders = (here, *here.parents)
        return next((folder for folder in folders if (folder / ".git").exists()), here)
    except OSError as error:
        raise InputError(
            f"the current folder cannot be used: {error.strerror}",
            where=str(error.filename or "."),
            remedy="change to a folder that exists and may be searched",
        ) from error


def _refuse_input(names: argparse.Namespace, collection: Collection, report: Report) -> None:
    """Refuse an output that is an input: named, or found in a folder and judged.

    What no rule knows may be replaced, since an earlier report is found so.
    """
    if names.output is None or not os.path.isfile(names.output):  # noqa: PTH113 - never raises
        return
    skipped = {one.file for one in report.skipped}
    found = (s.name for s in collection.sources if s.content is None and s.name not in skipped)
    own = [file for file in (names.settings, names.facts) if file]
    if any(_same(file, names.output) for file in (*names.paths, *own, *found)):
        raise InputError(
            "the output is one of the inputs",
            where=str(names.output),
            remedy="write the report elsewhere, or leave that file out with --exclude",
        )


def _same(file: str | Path, output: Path) -> bool:
    try:
        return os.path.samefile(file, output)  # noqa: PTH121 - a name may be any text
    except (OSError, ValueError):  # a glob, standard input, or gone meanwhile
        return False
