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
import sys
from pathlib import Path

from policylib.cli import common
from policylib.cli.output import Outcome, colored
from policylib.cli.parser import one_of
from policylib.cli.progress import progress
from policylib.report import FORMATS, Options, reporter


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to check, by which rules, and how to say what came of it."""
    common.add_paths(parser)
    common.add_rules(parser)
    common.add_settings(parser)
    parser.add_argument(
        "-f",
        "--format",
        choices=FORMATS,
        type=one_of("format", FORMATS),
        default="text",
        help="text (default), json, sarif, junit or github",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write to a file, in one step"
    )
    parser.add_argument(
        "--allow-empty", action="store_true", help="finding nothing to check is fine"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="list what was skipped")
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary, no progress")
    choices = ("auto", "always", "never")
    parser.add_argument(
        "--color",
        choices=choices,
        type=one_of("choice", choices),
        default="auto",
        help="auto (default), always or never; NO_COLOR and FORCE_COLOR count too",
    )


def run(names: argparse.Namespace) -> Outcome:
    """Check, and report in the format that was asked for."""
    from policylib.evaluate import load

    policy = load(settings=names.settings, environment=names.env, rules=names.rules)
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
    text = reporter(names.format)(report, policy.rules.rules, options)
    return Outcome(report.exit_code, text, names.output)


def _repository() -> Path:
    """The folder that links start from: the repository's, or else the current one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
