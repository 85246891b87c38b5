"""Signs a bundle as OPA does, and seals its archive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from policylib.bundle.signatures import content, envelope, hashes, keys, tokens
from policylib.bundle.signatures.hashes import File
from policylib.bundle.signatures.verifying import verify
from policylib.errors import BundleError


def sign(  # noqa: PLR0913 - each is a claim, or opens the key
    bundle: bytes,
    key: bytes,
    keyid: str,
    *,
    algorithm: str | None = None,
    scope: str = "",
    passphrase: bytes | None = None,
    issued_at: datetime | None = None,
    expires: datetime | None = None,
) -> bytes:
    """The bundle with one signature of this key; one that it has already is replaced.

    RS256 gives the same bytes each time. ES256 does not, as each signature draws a number.

    Parameters
    ----------
    bundle
        The archive, as `bundle build --target opa` or `opa build` writes it.
    key
        The private key, in PEM: RSA for RS256, P-256 for ES256.
    keyid, scope
        What the token says of its key and its scope. Who verifies has to expect the same.
    algorithm
        RS256 or ES256, to insist on it (default: that of the key).
    issued_at, expires
        When it was signed, and until when it holds; neither is in the token unless it is given.

    Raises
    ------
    SignatureError
        The bundle holds what `verify` refuses, however it is signed.
    BundleError
        The key cannot be used.
    """
    private = keys.private(key, passphrase)
    if algorithm not in {None, private.algorithm}:
        raise BundleError(
            f"the key is for {private.algorithm}, and {algorithm} is asked for",
            remedy=f"leave the algorithm out, or name a key for {algorithm}",
        )
    if not keyid or not (keyid + scope).isprintable():
        raise BundleError("the key id is empty, or it or the scope is no plain text")
    files = dict(envelope.unpack(bundle).files)
    files.pop(envelope.SIGNATURES, None)
    read = {name: File(name, file) for name, file in files.items()}
    content.check(read)
    claims = _claims(read, keyid, scope, issued_at, expires)

    def signatures(head: bytes) -> bytes:
        sealed = {"algorithm": hashes.ALGORITHM, "hash": hashlib.sha256(head).hexdigest()}
        return tokens.write(private, claims | {tokens.SEAL: sealed}, keyid)

    signed = envelope.seal(files, signatures)
    # Whatever cannot be verified is not handed out.
    verify(signed, private.public.pem, keyid, scope=scope, now=issued_at)
    return signed


def _claims(
    files: Mapping[str, File],
    keyid: str,
    scope: str,
    issued_at: datetime | None,
    expires: datetime | None,
) -> dict[str, Any]:
    listed = [
        {"name": name, "hash": file.digest(), "algorithm": hashes.ALGORITHM}
        for name, file in sorted(files.items())
    ]
    times = {"iat": issued_at, "exp": expires}
    return {
        "files": listed,
        "keyid": keyid,
        "scope": scope,
        **{name: int(time.timestamp()) for name, time in times.items() if time is not None},
    }
