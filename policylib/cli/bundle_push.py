"""Push a bundle to a registry, and print the reference that names it by digest.

SOURCE is a folder that `bundle build` wrote for the target artifact or opa, a bundle.tar.gz, signed
or not, or a definition, which is built first. The same content has the same digest, and is stored
once. Credentials are those of `docker login`. The tag is moved when the registry has given back
what was sent. The reference on standard output is what `bundle pull` takes.

For example:
  $ rc bundle push build/policy oci://ghcr.io/your-org/policy:v1
  $ rc bundle push build/opa/bundle.tar.gz oci://ghcr.io/your-org/policy-opa:v1
  $ rc bundle push bundles/platform.yaml oci://ghcr.io/your-org/policy:v42 --number 42
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.errors import BundleError

if TYPE_CHECKING:
    from policylib.oci import Artifact, Pushed

_DEFINITIONS: Final = {".yaml", ".yml", ".json"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is pushed, and where to."""
    parser.add_argument(
        "source", metavar="SOURCE", type=Path, help="a folder, a bundle.tar.gz, or a definition"
    )
    parser.add_argument(
        "reference", metavar="REFERENCE", help="oci://REGISTRY/REPOSITORY:TAG (default: latest)"
    )
    common.add_number(parser)
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Push, and name what was pushed."""
    from policylib import oci
    from policylib.bundle import artifact

    oci.parse(names.reference)  # a slip in it is told before anything is read
    content = _content(names)
    pushed = oci.push(names.reference, content)
    if names.format == "json":
        return Outcome(text=_json(pushed, content.annotations[artifact.REVISION]))
    return Outcome(text=f"{pushed.reference}\n")


def _content(names: argparse.Namespace) -> Artifact:
    from policylib import bundle
    from policylib.bundle import artifact, definition

    source: Path = names.source
    if source.suffix in _DEFINITIONS and not source.is_dir():
        defined = definition.load(source)
        policy, number = defined.policy, names.number or 0
        return artifact.pack(
            bundle.build(defined.target, policy.rules, policy.data, defined.facts, number=number),
            str(source),
        )
    if names.number is not None:
        raise BundleError(
            "it has its number since it was built", where=str(source), remedy="leave out --number"
        )
    return artifact.read(source)


def _json(pushed: Pushed, revision: str) -> str:
    said = {
        "reference": str(pushed.reference),
        "digest": pushed.digest,
        "tag": pushed.tag,
        "tag_before": pushed.before or None,
        "revision": revision,
    }
    return json.dumps(said, indent=2) + "\n"
