"""Write the rules and settings in the form that one enforcement point takes.

The folder is replaced whole or not at all; one with foreign files in it is refused.

For example:
  $ rc bundle build --target opa --output build/opa
  $ rc bundle build --target conftest --output policy --settings policylib.yaml
  $ rc bundle build --target gatekeeper --output manifests/policy --env prod
"""

from __future__ import annotations

import argparse
from pathlib import Path

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.cli.parser import one_of
from policylib.report.plain import count, escape

_TARGETS = ("opa", "conftest", "gatekeeper")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the enforcement point, the folder, and what goes into it."""
    parser.add_argument(
        "--target",
        choices=_TARGETS,
        type=one_of("target", _TARGETS),
        required=True,
        help="opa, conftest or gatekeeper",
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="the folder to write"
    )
    common.add_rules(parser)
    common.add_settings(parser)
    common.add_facts(parser)
    parser.add_argument(
        "--force", action="store_true", help="replace a folder that policylib did not write"
    )


def run(names: argparse.Namespace) -> Outcome:
    """Build the bundle and name the folder that holds it."""
    from policylib import bundle

    policy = common.load_policy(names)
    files = bundle.write(
        bundle.Target(names.target),
        names.output,
        policy.rules,
        policy.data,
        policy.facts if names.facts else None,
        force=names.force,
    )
    return Outcome(text=f"Wrote {count(len(files), 'file')} to {escape(str(names.output))}\n")
