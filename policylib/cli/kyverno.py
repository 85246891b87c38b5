"""Write the settings as policies for Kyverno.

Kyverno runs no Rego: the policies say in its own language what it can say of the digest and
provenance families. What they leave out, or say more strictly, is printed and kept in NOTES.txt.
The folder is replaced whole or not at all; one with foreign files in it is refused.

For example:
  $ rc kyverno --settings policylib.yaml --env prod --output manifests/kyverno
  $ rc kyverno --settings policylib.yaml --output manifests/kyverno --require provenance
  $ rc kyverno --settings policylib.yaml --output manifests/kyverno --format json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import cluster, common
from policylib.cli.output import Outcome
from policylib.report.plain import count, escape

if TYPE_CHECKING:
    from policylib.bundle.kyverno import Resources


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the settings, and where exceptions go."""
    from policylib.bundle.kyverno import NAMESPACE

    parser.set_defaults(facts=None)
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="the folder to write"
    )
    common.add_rules(parser)
    common.add_settings(parser)
    parser.add_argument(
        "--require",
        metavar="FAMILY",
        action="append",
        default=[],
        help="fail unless Kyverno is given a policy of this family of rules; may be repeated",
    )
    parser.add_argument(
        "--exceptions-namespace",
        metavar="NAME",
        default=NAMESPACE,
        help=f"the namespace that exceptions are written for (default: {NAMESPACE})",
    )
    common.add_format(parser)
    parser.add_argument(
        "--force", action="store_true", help="replace a folder that policylib did not write"
    )


def run(names: argparse.Namespace) -> Outcome:
    """Write the resources, and say what Kyverno is not told."""
    from policylib.bundle import kyverno

    policy = common.load_named(names)
    made = kyverno.write(
        policy,
        names.output,
        namespace=names.exceptions_namespace,
        require=names.require,
        force=names.force,
    )
    if names.format == "json":
        return Outcome(text=_json(made, policy.unconfigured))
    return Outcome(text=_text(made, policy.unconfigured, names.output))


def _json(made: Resources, unconfigured: Sequence[str]) -> str:
    notes = [{"about": one.about, "effect": one.effect, "why": one.why} for one in made.notes]
    answer = {"files": sorted(made.files), "notes": notes, "unconfigured": list(unconfigured)}
    return json.dumps(answer, indent=2) + "\n"


def _text(made: Resources, unconfigured: Sequence[str], output: Path) -> str:
    from policylib.bundle.kyverno import notes

    return (
        notes.text(made.notes)
        + f"Wrote {count(len(made.files), 'file')} to {escape(str(output))}\n"
        + cluster.not_asked("Not configured", unconfigured)
    )
