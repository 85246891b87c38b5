"""Accept a signed bundle, or say why not: whose it is, that it is whole, and that it is not old.

The latest bundle of each key id and scope is remembered, and an older one is refused. Where that
is kept is up to you (--seen), and so is whether it is at all (--stateless).

For example:
  $ rc bundle verify bundle.tar.gz --key public.pem --keyid prod-2026
  $ rc bundle verify build/opa --key public.pem --keyid prod-2026 --scope payments --format json
  $ rc bundle verify bundle.tar.gz --key public.pem --keyid prod-2026 --stateless --at-least 41

exit codes: 0 accepted, 1 refused, 2 it could not be looked at
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common, signature
from policylib.cli.output import Outcome
from policylib.errors import SignatureError
from policylib.report.plain import count, escape

if TYPE_CHECKING:
    from policylib.bundle import Verified

_REFUSED = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the bundle, the key, and what has to hold."""
    signature.add_bundle(parser)
    parser.add_argument(
        "--key", metavar="FILE", type=Path, required=True, help="the public key, in PEM"
    )
    parser.add_argument(
        "--keyid", metavar="ID", required=True, help="the key id that the bundle has to carry"
    )
    parser.add_argument(
        "--scope", metavar="SCOPE", default="", help="the scope that it has to carry"
    )
    parser.add_argument(
        "--at-least",
        metavar="N",
        type=common.whole,
        default=0,
        help="refuse revisions with a lower number",
    )
    memory = parser.add_mutually_exclusive_group()
    memory.add_argument(
        "--seen",
        metavar="FILE",
        type=Path,
        help="where the latest bundles are remembered"
        " (default: $XDG_STATE_HOME/policylib/bundles.json, or below ~/.local/state)",
    )
    memory.add_argument(
        "--stateless",
        action="store_true",
        help="remember nothing: only --at-least keeps an older bundle out",
    )
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Verify the bundle, and say what it is or why it is refused."""
    from policylib.bundle.signatures import seen, verifying

    file = signature.bundle_file(names.bundle)
    bundle, key = signature.read(file), signature.read(names.key)
    memory = None if names.stateless else names.seen or seen.default_path()
    try:
        with signature.placed(file), signature.keyed(names.key):
            verified = verifying.verify(
                bundle,
                key,
                names.keyid,
                scope=names.scope,
                seen_file=memory,
                at_least=names.at_least,
            )
    except SignatureError as error:
        text = _refusal(error) if names.format == "json" else _refused(error)
        return Outcome(_REFUSED, text)
    return Outcome(text=_json(file, verified) if names.format == "json" else _text(file, verified))


def _refusal(error: SignatureError) -> str:
    said = {
        "accepted": False,
        "reason": error.reason,
        "message": error.what,
        "where": error.where,
        "remedy": error.remedy,
    }
    return json.dumps(said, indent=2) + "\n"


def _refused(error: SignatureError) -> str:
    lines = [f"Refused {escape(error.where)}: {escape(error.what)} ({error.reason})\n"]
    if error.remedy:
        lines.append(f"  help: {escape(error.remedy)}\n")
    return "".join(lines)


def _json(file: Path, verified: Verified) -> str:
    said = {"accepted": True, "bundle": str(file), **verified.model_dump(mode="json")}
    return json.dumps(said, indent=2) + "\n"


def _text(file: Path, verified: Verified) -> str:
    scope = f", scope {verified.scope}" if verified.scope else ""
    lines = [
        f"Accepted {file}",
        f"  revision  {verified.revision}",
        f"  key       {verified.keyid} ({verified.algorithm}){scope}",
        f"  digest    {verified.digest}",
        f"  holds     {count(len(verified.files), 'file')}",
    ]
    if not verified.sealed:
        lines.append("  note      how it is packed is not signed, only what its files say")
    if verified.first_seen:
        lines.append(
            "  note      the first of this key and scope: nothing was known to compare it with"
        )
    return "".join(f"{escape(line)}\n" for line in lines)
