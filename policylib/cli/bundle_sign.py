"""Sign a bundle as OPA does, and seal its archive so that no byte of it can be changed.

The bundle is replaced in one step; a signature that it has already gives way. A key that is locked
is opened with the passphrase in $POLICYLIB_PASSPHRASE.

For example:
  $ rc bundle sign build/opa/bundle.tar.gz --key private.pem --keyid prod-2026
  $ rc bundle sign build/opa --key private.pem --keyid prod-2026 --scope payments
  $ rc bundle sign in.tar.gz --key private.pem --keyid prod-2026 --expires-in 90d -o out.tar.gz

exit codes: 0 signed, 2 it cannot be: the bundle is as it was
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from policylib.cli import common, signature
from policylib.cli.output import Outcome
from policylib.cli.parser import one_of
from policylib.errors import BundleError
from policylib.report.plain import escape

PASSPHRASE = "POLICYLIB_PASSPHRASE"  # noqa: S105 - the name of a variable
_ALGORITHMS = ("RS256", "ES256")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the bundle, the key, and what the signature says."""
    signature.add_bundle(parser)
    parser.add_argument(
        "--key", metavar="FILE", type=Path, required=True, help="the private key, in PEM"
    )
    parser.add_argument(
        "--keyid", metavar="ID", required=True, help="what those who verify call the key"
    )
    parser.add_argument(
        "--algorithm",
        choices=_ALGORITHMS,
        type=one_of("algorithm", _ALGORITHMS),
        help="RS256 or ES256 (default: by the type of the key)",
    )
    parser.add_argument(
        "--scope", metavar="SCOPE", default="", help="what the signature is for (default: nothing)"
    )
    parser.add_argument(
        "--passphrase-env",
        metavar="NAME",
        default=PASSPHRASE,
        help=f"the variable that holds the key's passphrase (default: {PASSPHRASE})",
    )
    parser.add_argument(
        "--issued-at", action="store_true", help="say when it was signed (each run differs then)"
    )
    parser.add_argument(
        "--expires-in",
        metavar="TIME",
        type=common.duration,
        help="how long the signature holds, as 90d; policylib heeds it, OPA does not",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help="write the signed bundle here (default: in place)",
    )


def run(names: argparse.Namespace) -> Outcome:
    """Sign the bundle, write it, and say what it is now."""
    import hashlib

    from policylib.bundle import folder
    from policylib.bundle.signatures import signing

    file = signature.bundle_file(names.bundle)
    now = datetime.now(UTC)
    expires = None if names.expires_in is None else now + timedelta(seconds=names.expires_in)
    passphrase = os.environb.get(os.fsencode(names.passphrase_env))
    bundle, key = signature.read(file), signature.read(names.key)
    with signature.placed(file), signature.keyed(names.key):
        signed = signing.sign(
            bundle,
            key,
            names.keyid,
            algorithm=names.algorithm,
            scope=names.scope,
            passphrase=passphrase or None,
            issued_at=now if names.issued_at else None,
            expires=expires,
        )
    output = names.output or file
    try:
        folder.replace(output, signed)
    except OSError as error:
        raise BundleError(f"cannot be written: {error.strerror}", where=str(output)) from error
    digest = hashlib.sha256(signed).hexdigest()
    return Outcome(text=f"Signed {escape(str(output))} as {escape(names.keyid)}: sha256:{digest}\n")
