"""Write a policylib.yaml to start with: every key, what it means, and what holds without it.

What nobody has decided yet is commented out. A file that is there is not overwritten.

For example:
  $ rc settings init
  $ rc settings init --output ci/policylib.yaml
"""

from __future__ import annotations

import argparse
from pathlib import Path

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.errors import SettingsError
from policylib.settings import FILE_NAME
from policylib.settings.template import template


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file to write."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        default=Path(FILE_NAME),
        help=f"the file to write (default: {FILE_NAME})",
    )
    common.add_rules(parser)
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(names: argparse.Namespace) -> Outcome:
    """Write the file, unless there is one."""
    from policylib.evaluate import load_rules

    remedy = "--force replaces it; `rc settings explain` says what it may hold"
    common.refuse_existing(names.output, SettingsError, remedy, force=names.force)
    _, known = load_rules(names.rules)
    return Outcome(text=template(known), file=names.output, said=f"Wrote {names.output}\n")
