"""Pull a bundle from a registry into a folder.

All of it is what its digests say, or nothing is written; the folder is replaced whole or not at
all, and one with foreign files in it is refused. With `--cosign-key`, cosign has to vouch for the
very digest that was pulled. Name a digest: a tag may name something else tomorrow.

For example:
  $ rc bundle pull oci://ghcr.io/your-org/policy@sha256:… --output policy
  $ rc bundle pull oci://ghcr.io/your-org/policy:v1 --output policy --cosign-key cosign.pub
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common, output
from policylib.cli.output import Outcome
from policylib.report.plain import count, escape

if TYPE_CHECKING:
    from policylib.oci import Pulled


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is pulled, where to, and who has to have signed it."""
    parser.add_argument(
        "reference", metavar="REFERENCE", help="oci://REGISTRY/REPOSITORY:TAG, or …@sha256:…"
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="the folder to write"
    )
    parser.add_argument(
        "--cosign-key",
        metavar="KEY",
        help="refuse what this public key did not sign, as cosign says, which has to be on PATH",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace a folder that policylib did not write"
    )
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Pull, verify, write, and name what was pulled; 1 when cosign refuses it."""
    from policylib import oci
    from policylib.bundle import folder
    from policylib.errors import SignatureError
    from policylib.oci import cosign

    pulled = oci.pull(names.reference, packed=True)
    if names.cosign_key is not None:
        try:
            cosign.verify(pulled.reference.at(pulled.digest), names.cosign_key)
        except SignatureError as refusal:
            output.complain(refusal.what, refusal.where, refusal.remedy)
            return Outcome(code=1)
    folder.write(pulled.files, names.output, force=names.force)
    return Outcome(text=(_json if names.format == "json" else _text)(pulled, names.output))


def _json(pulled: Pulled, _: Path) -> str:
    said = {
        "reference": str(pulled.reference.at(pulled.digest)),
        "digest": pulled.digest,
        "files": sorted(pulled.files),
        "notes": list(pulled.notes),
    }
    return json.dumps(said, indent=2) + "\n"


def _text(pulled: Pulled, folder: Path) -> str:
    notes = "".join(f"note: {escape(note)}\n" for note in pulled.notes)
    named = pulled.reference.at(pulled.digest)
    return f"{notes}Wrote {count(len(pulled.files), 'file')} of {named} to {escape(str(folder))}\n"
