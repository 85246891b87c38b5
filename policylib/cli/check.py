"""Check manifests, Helm charts and values files against the rules.

For example:
  $ rc check .                                   all manifests below here
  $ rc check deploy/ 'apps/**/*.yaml'            a folder and a glob
  $ rc check charts/app --env prod               a chart, as production enforces it
  $ kustomize build overlays/prod | rc check -   what another program renders
  $ rc check . --format sarif --output rc.sarif  for a code-scanning service
  $ rc check . --format markdown                 for a comment on a pull request
  $ rc check . --format policyreport             for a cluster: kubectl apply takes it

exit codes: 0 nothing is denied, 1 violations, 2 something could not be checked
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from policylib.cli import common
from policylib.cli.output import Outcome, colored
from policylib.cli.progress import progress
from policylib.errors import InputError
from policylib.report import FORMATS, Options, reporter

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:_-]+(/[A-Za-z0-9._~-]+)+/")


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
    from policylib.cli.overwriting import refuse_input

    policy = common.load_policy(names)
    collection = common.collect(names, policy.settings.exclude)
    with progress(None if names.quiet else sys.stderr) as tell:
        report = policy.check_collection(collection, allow_empty=names.allow_empty, progress=tell)
    options = Options(
        color=colored(names.color, sys.stdout if names.output is None else None),
        verbose=names.verbose,
        summary=not names.quiet,
        root=_repository(),
        blob=_blob(os.environ),
        texts={
            source.name: source.content.decode("utf-8", errors="replace")
            for source in collection.sources
            if source.content is not None
        },
    )
    refuse_input(names, policy, collection, report)
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


def _blob(environment: Mapping[str, str]) -> str:
    """Where GitHub or GitLab shows the files of the commit that its job checks, if it is one."""
    forms = (
        ("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/blob/{GITHUB_SHA}/", "GITHUB_ACTIONS"),
        ("{CI_PROJECT_URL}/-/blob/{CI_COMMIT_SHA}/", "GITLAB_CI"),
    )
    for form, job in forms:
        if environment.get(job):
            address = form.format_map(defaultdict(str, environment))
            return address if _ADDRESS.fullmatch(address) else ""
    return ""
