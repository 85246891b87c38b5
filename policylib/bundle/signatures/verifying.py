"""Verifies a signed bundle: whose it is, that it is whole, and that it is not an older one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from policylib.bundle.signatures import content, envelope, keys, seen, tokens
from policylib.bundle.signatures.hashes import File
from policylib.bundle.signatures.reasons import Reason, refused
from policylib.errors import BundleError
from policylib.models import Model


class Verified(Model):
    """A bundle that was accepted."""

    revision: str
    number: int
    keyid: str
    scope: str
    algorithm: str
    digest: str
    """Of the archive, as a registry or `sha256sum` names it."""
    content: str
    """Of the names and contents of its files, however they are packed and whoever signed them."""
    sealed: bool
    """Whether each byte of the archive is signed; else it is what the files say."""
    first_seen: bool | None
    """Whether nothing was known of this key and scope; None when nobody was to remember."""
    files: tuple[str, ...]


def verify(  # noqa: PLR0913 - each says one thing that has to hold
    bundle: bytes,
    key: bytes,
    keyid: str,
    *,
    scope: str = "",
    seen_file: Path | None = None,
    at_least: int = 0,
    now: datetime | None = None,
) -> Verified:
    """Accept a bundle, or raise.

    Parameters
    ----------
    bundle
        The archive, as `bundle.tar.gz` holds it.
    key
        The public key, in PEM: RSA for RS256, P-256 for ES256.
    keyid, scope
        What the token has to say of its key and its scope.
    seen_file
        Remembers the latest bundle of each key and scope, and refuses an older one. Without it
        nothing is remembered, and `at_least` is all that keeps an older one out.
    at_least
        The lowest number of a revision that is accepted.
    now
        When it is (default: now), for tokens that expire.

    Raises
    ------
    SignatureError
        The bundle is refused; `reason` says why.
    BundleError
        It could not be looked at: the key or the file of what was seen is not usable.
    """
    if not keyid:
        raise BundleError("no key id is given", remedy="name the one that the bundle has to carry")
    public = keys.public(key)
    unpacked = envelope.unpack(bundle)
    signatures, files = _apart(unpacked.files)
    signed = tokens.read(signatures, public, now or datetime.now(UTC))
    _refuse_others(signed, keyid, scope)
    _compare(files, signed.files)
    revision = content.check(files)
    if signed.head is not None:
        _refuse_unsealed(bundle, signatures, signed.head, is_rooted=unpacked.is_rooted)
    if revision.number < at_least:
        what = f"it is number {revision.number}, and {at_least} is the lowest that is accepted"
        raise refused(Reason.REVISION_BELOW, what)
    meaning = _meaning(files)
    latest = seen.Latest(
        keyid=keyid, scope=scope, number=revision.number, revision=revision.text, content=meaning
    )
    return Verified(
        revision=revision.text,
        number=revision.number,
        keyid=keyid,
        scope=scope,
        algorithm=public.algorithm,
        digest=f"sha256:{hashlib.sha256(bundle).hexdigest()}",
        content=meaning,
        sealed=signed.head is not None,
        first_seen=None if seen_file is None else seen.advance(seen_file, latest),
        files=tuple(sorted(files)),
    )


def _apart(files: Mapping[str, bytes]) -> tuple[bytes, dict[str, File]]:
    """The signatures, where they belong and alone, and all other files."""
    others = sorted(name for name in files if content.is_signatures(name))
    if others not in ([], [envelope.SIGNATURES]):
        other = next(name for name in others if name != envelope.SIGNATURES)
        if envelope.SIGNATURES in files:
            what = "it looks like another signatures file"
            raise refused(Reason.SECOND_SIGNATURES, what, other)
        what = f"the bundle has no {envelope.SIGNATURES} at its root, and {other} is none"
        raise refused(Reason.UNSIGNED, what)
    if not others:
        raise refused(
            Reason.UNSIGNED,
            f"the bundle has no {envelope.SIGNATURES}",
            remedy="`bundle sign` signs it",
        )
    signed = {name: File(name, file) for name, file in files.items() if name not in others}
    return files[envelope.SIGNATURES], signed


def _refuse_others(signed: tokens.Signed, keyid: str, scope: str) -> None:
    if signed.keyid != keyid:
        what = f"it is signed as {signed.keyid!r}, and {keyid!r} is expected"
        raise refused(Reason.KEYID_MISMATCH, what)
    if scope and not signed.scope:
        raise refused(
            Reason.SCOPE_MISSING, f"its signature has no scope, and {scope!r} is expected"
        )
    if (signed.scope or "") != scope:
        what = f"its signature is for the scope {signed.scope!r}, and {scope!r} is expected"
        raise refused(Reason.SCOPE_MISMATCH, what)


def _compare(files: Mapping[str, File], listed: Mapping[str, tuple[str, str]]) -> None:
    """Refuse unless the files are those that are listed."""
    for name in sorted(listed.keys() & files.keys()):
        algorithm, digest = listed[name]
        if files[name].digest(algorithm) != digest:
            raise refused(Reason.FILE_ALTERED, "its content is not what was signed", name)
    missing = {listed[name]: name for name in sorted(listed.keys() - files.keys())}
    for name in sorted(files.keys() - listed.keys()):
        for algorithm in {algorithm for algorithm, _ in missing}:
            if former := missing.get((algorithm, files[name].digest(algorithm))):
                raise refused(Reason.FILE_RENAMED, f"it was signed as {former}", name)
        raise refused(Reason.FILE_ADDED, "nobody signed it", name)
    for name in missing.values():
        raise refused(Reason.FILE_MISSING, "it was signed, and is not there", name)


def _refuse_unsealed(bundle: bytes, signatures: bytes, head: str, *, is_rooted: bool) -> None:
    if is_rooted:
        raise refused(Reason.ABSOLUTE_NAME, "names begin with a slash, which its signer wrote not")
    found = hashlib.sha256(envelope.head_of(bundle, signatures)).hexdigest()
    if found != head:
        what = "the archive is not the one that was signed, though its files are"
        raise refused(Reason.SEAL_BROKEN, what)


def _meaning(files: Mapping[str, File]) -> str:
    """A digest of names and contents."""
    hasher = hashlib.sha256()
    for name, file in sorted(files.items()):
        hasher.update(f"{file.digest()} {name}\n".encode())
    return f"sha256:{hasher.hexdigest()}"
