"""Push a bundle to a registry, and print the reference that names it by digest.

What is pushed is a folder that `bundle build` wrote, for the target artifact or opa, or a
bundle.tar.gz, signed or not. The same content has the same digest, and is stored once. Credentials
are those of `docker login`. The tag is moved when the registry has given back what was sent.

For example:
  $ rc bundle push build/policy oci://ghcr.io/your-org/policy:v1
  $ rc bundle push build/opa/bundle.tar.gz oci://ghcr.io/your-org/policy-opa:v1
  $ rc bundle pull "$(rc bundle push build/policy oci://ghcr.io/your-org/policy:v1)" -o policy
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common
from policylib.cli.output import Outcome

if TYPE_CHECKING:
    from policylib.oci import Pushed


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is pushed, and where to."""
    parser.add_argument("source", metavar="SOURCE", type=Path, help="a folder or a bundle.tar.gz")
    parser.add_argument(
        "reference", metavar="REFERENCE", help="oci://REGISTRY/REPOSITORY:TAG (default: latest)"
    )
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Push, and name what was pushed."""
    from policylib import oci
    from policylib.bundle import artifact

    oci.parse(names.reference)  # a slip in it is told before anything is read
    content = artifact.read(names.source)
    pushed = oci.push(names.reference, content)
    if names.format == "json":
        return Outcome(text=_json(pushed, content.annotations[artifact.REVISION]))
    return Outcome(text=f"{pushed.reference}\n")


def _json(pushed: Pushed, revision: str) -> str:
    said = {
        "reference": str(pushed.reference),
        "digest": pushed.digest,
        "tag": pushed.tag,
        "tag_before": pushed.before or None,
        "revision": revision,
    }
    return json.dumps(said, indent=2) + "\n"
