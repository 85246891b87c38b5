"""Pull a bundle from a registry into a folder.

All of it is what its digests say, or nothing is written; the folder is replaced whole or not at
all, and one with foreign files in it is refused. With `--cosign-key`, cosign has to vouch for the
very digest that was pulled. Name a digest: a tag may name something else tomorrow. A tag that
leads to an older revision than the folder holds is refused.

For example:
  $ rc bundle pull oci://ghcr.io/your-org/policy@sha256:… --output policy
  $ rc bundle pull oci://ghcr.io/your-org/policy:v1 --output policy --cosign-key cosign.pub
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common, output
from policylib.cli.output import Outcome
from policylib.errors import BundleError
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
        "--force",
        action="store_true",
        help="replace a folder that policylib did not write, or that holds a later revision",
    )
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Pull, verify, write, and name what was pulled; 1 for what is not vouched for, or is older."""
    from policylib import oci
    from policylib.bundle import artifact, folder
    from policylib.errors import SignatureError
    from policylib.oci import cosign

    pulled = oci.pull(names.reference, packed=True)
    if names.cosign_key is not None:
        try:
            cosign.verify(pulled.reference.at(pulled.digest), names.cosign_key)
        except SignatureError as refusal:
            output.complain(refusal.what, refusal.where, refusal.remedy)
            return Outcome(code=1)
    notes = pulled.notes
    found = artifact.revision(pulled.files)
    held = artifact.revision(_held(names.output, force=names.force))
    if artifact.is_older(found, held):
        what = f"revision {found or '(none)'} is older than {held}, which the folder held"
        if not (pulled.reference.digest or names.force):
            remedy = "ask who moved the tag; to go back, name the digest or use --force"
            output.complain(what, str(pulled.reference.at(pulled.digest)), remedy)
            return Outcome(code=1)
        notes += (what,)
    folder.write(pulled.files, names.output, force=names.force)
    if names.format == "json":
        return Outcome(text=_json(pulled, found, notes))
    return Outcome(text=_text(pulled, found, notes, names.output))


def _held(folder: Path, *, force: bool) -> dict[str, bytes]:
    """What tells the revision in a folder that is to be replaced, whatever it holds by `force`."""
    from policylib import reading
    from policylib.bundle import opa

    held = {}
    for name in (opa.MANIFEST, opa.ARCHIVE):
        try:
            held[name] = reading.read(folder / name)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            if force:
                continue
            what = f"its revision cannot be read: {error.strerror}"
            raise BundleError(what, where=str(folder / name)) from error
    return held


def _json(pulled: Pulled, revision: str, notes: Sequence[str]) -> str:
    said = {
        "reference": str(pulled.reference.at(pulled.digest)),
        "digest": pulled.digest,
        "revision": revision or None,
        "files": sorted(pulled.files),
        "notes": list(notes),
    }
    return json.dumps(said, indent=2) + "\n"


def _text(pulled: Pulled, revision: str, notes: Sequence[str], folder: Path) -> str:
    files = count(len(pulled.files), "file")
    return "".join(
        (
            *(f"note: {escape(note)}\n" for note in notes),
            f"Wrote {files} of {pulled.reference.at(pulled.digest)} to {escape(str(folder))}\n",
            f"revision {escape(revision)}\n" if revision else "",
        )
    )
