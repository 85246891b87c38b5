"""Bring an older settings file to the form of today; comments and all else stay as they are.

For example:
  $ rc settings migrate
  $ rc settings migrate ci/policylib.yaml --check

exit codes: 0 the file has the form of today, 1 it has not (--check), 2 it cannot be migrated
"""

from __future__ import annotations

import argparse

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.report.plain import escape
from policylib.settings.migrate import migrated


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file."""
    common.add_settings_file(parser)
    parser.add_argument("--check", action="store_true", help="write nothing; say it by exit code")


def run(names: argparse.Namespace) -> Outcome:
    """Write the file in one step, if there is anything to change."""
    text = migrated(names.file)
    file = escape(str(names.file))
    if text is None:
        return Outcome(text=f"{file} has the form of today\n")
    if names.check:
        return Outcome(1, f"{file} has an older form: `rc settings migrate` brings it up to date\n")
    return Outcome(text=text, file=names.file, said=f"Migrated {file}\n")
