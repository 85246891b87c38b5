"""The token in `.signatures.json`: one JWT that lists the files, as OPA writes and reads it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from policylib.bundle.signatures import hashes
from policylib.bundle.signatures.envelope import SIGNATURES
from policylib.bundle.signatures.hashes import Json, Number
from policylib.bundle.signatures.keys import ALGORITHMS, PrivateKey, PublicKey
from policylib.bundle.signatures.reasons import Reason, refused

SEAL: Final = "policylib.dev/head"
"""The claim that holds the digest of a sealed archive's head."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_SECONDS: Final = re.compile(r"(0|[1-9][0-9]{0,15})(\.[0-9]{1,9})?")
_PLUGINS: Final = ("", "_default")
# Go takes keys for these in whatever case they are written, the last one first.
_CLAIMS: Final = ("files", "keyid", "scope", "iat", "iss")
# n/2 of P-256: of the two values of s that verify, the smaller one is written.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Signed:
    """What a token says, once its signature is verified."""

    keyid: str
    scope: str | None
    files: Mapping[str, tuple[str, str]]
    """Name → hash algorithm and digest."""
    head: str | None
    """The digest of a sealed archive's head."""


def write(key: PrivateKey, claims: Mapping[str, Any], keyid: str) -> bytes:
    """The content of `.signatures.json` with one token of these claims."""
    from jwt import PyJWS

    payload = json.dumps(claims, separators=(",", ":"), allow_nan=False).encode("ascii")
    token = PyJWS().encode(payload, key.key, key.algorithm, headers={"kid": keyid})
    if key.algorithm == "ES256":
        token = _with_low_s(token)
    return _document(token)


def read(content: bytes, key: PublicKey, now: datetime) -> Signed:
    """What the one token in `.signatures.json` says.

    Raises `SignatureError` unless it is one token, of the key's own algorithm, signed by the key,
    and at `now` neither expired nor yet to come.
    """
    token = _only(content)
    header = _header(token)
    _refuse_algorithm(header.get("alg"), key.algorithm)
    claims = _verified(token, key)
    _refuse_time(claims, now)
    keyid = _keyid(claims, header)
    scope = _text(claims, "scope") if "scope" in claims else None
    head = _head(claims.get(SEAL))
    if head is not None and content != _document(token):
        raise refused(Reason.SEAL_BROKEN, "it is not as its signer wrote it", SIGNATURES)
    if head is not None and key.algorithm == "ES256" and token != _with_low_s(token):
        raise refused(Reason.SEAL_BROKEN, "the signature is not as its signer wrote it", SIGNATURES)
    return Signed(keyid, scope, _files(claims.get("files")), head)


def _document(token: str) -> bytes:
    return json.dumps({"signatures": [token]}, indent=2).encode("ascii") + b"\n"


def _only(content: bytes) -> str:
    said = hashes.parse(content, SIGNATURES)
    if not isinstance(said, Mapping) or said.keys() - {"signatures", "plugin"}:
        raise refused(Reason.SIGNATURES_MALFORMED, "it holds more than signatures", SIGNATURES)
    if said.get("plugin", "") not in _PLUGINS:
        raise refused(Reason.PLUGIN, "it asks for a verifier of its own", SIGNATURES)
    tokens = said.get("signatures", ())
    if not isinstance(tokens, Sequence) or isinstance(tokens, str):
        raise refused(Reason.SIGNATURES_MALFORMED, "its signatures are no list", SIGNATURES)
    if not tokens:
        raise refused(Reason.NO_TOKEN, "it holds no token", SIGNATURES)
    if len(tokens) > 1:
        raise refused(Reason.SEVERAL_TOKENS, f"it holds {len(tokens)} tokens", SIGNATURES)
    [token] = tokens
    if not isinstance(token, str) or isinstance(token, Number) or not _TOKEN.fullmatch(token):
        raise _malformed("the token is no JWT in compact form")
    return token


def _malformed(what: str) -> Exception:
    return refused(Reason.TOKEN_MALFORMED, what, SIGNATURES)


def _decoded(segment: str) -> bytes:
    """The bytes of a segment; each byte sequence has one encoding."""
    try:
        content = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error as error:
        raise _malformed("the token is no Base64") from error
    if _encoded(content) != segment:
        raise _malformed("the token's Base64 is not as it is written")
    return content


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _object(content: bytes, what: str) -> Mapping[str, Json]:
    said = hashes.parse(content, f"{SIGNATURES}, the token's {what}")
    if not isinstance(said, Mapping):
        raise _malformed(f"the token's {what} is no object")
    return said


def _header(token: str) -> Mapping[str, Json]:
    header = _object(_decoded(token.partition(".")[0]), "header")
    if unknown := header.keys() - {"alg", "typ", "kid"}:
        raise _malformed(f"the token's header has {', '.join(sorted(unknown))}")
    if header.get("typ", "JWT") != "JWT":
        raise _malformed("the token is of another type than JWT")
    _text(header, "alg")
    return header


def _text(said: Mapping[str, Json], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or isinstance(value, Number):
        raise _malformed(f"the token's {name} is no text")
    return value


def _refuse_algorithm(said: Json, expected: str) -> None:
    name = str(said)
    if name.casefold() == "none":
        raise refused(Reason.ALGORITHM_NONE, "the token asks for no signature", SIGNATURES)
    if name.upper().startswith("HS"):
        what = f"{name} signs with a secret that all share"
        raise refused(Reason.ALGORITHM_SYMMETRIC, what, SIGNATURES)
    if name not in ALGORITHMS:
        what = f"the algorithm {name!r} is none of {', '.join(ALGORITHMS)}"
        raise refused(Reason.ALGORITHM_UNKNOWN, what, SIGNATURES)
    if name != expected:
        what = f"the token says {name}, and the key is for {expected}"
        raise refused(Reason.ALGORITHM_MISMATCH, what, SIGNATURES)


def _verified(token: str, key: PublicKey) -> Mapping[str, Json]:
    from jwt import InvalidTokenError, PyJWS

    for segment in token.split("."):
        _decoded(segment)
    try:
        decoded = PyJWS().decode_complete(token, key.key, algorithms=[key.algorithm])
    except InvalidTokenError as error:
        raise refused(
            Reason.SIGNATURE_WRONG,
            "the token was not signed with this key, or was changed since",
            SIGNATURES,
        ) from error
    claims = _object(decoded["payload"], "payload")
    for name in claims:
        if name not in _CLAIMS and name.casefold() in _CLAIMS:
            raise _malformed(f"the token has the claim {name!r}, which readers take for another")
    return claims


def _refuse_time(claims: Mapping[str, Json], now: datetime) -> None:
    expires, begins = _instant(claims, "exp"), _instant(claims, "nbf")
    if expires is not None and now.timestamp() >= expires:
        raise refused(Reason.EXPIRED, "the signature has expired", SIGNATURES)
    if begins is not None and now.timestamp() < begins:
        raise refused(Reason.NOT_YET_VALID, "the signature is not valid yet", SIGNATURES)


def _instant(claims: Mapping[str, Json], name: str) -> float | None:
    if name not in claims:
        return None
    value = claims[name]
    if not isinstance(value, Number) or not _SECONDS.fullmatch(value):
        raise _malformed(f"the token's {name} is no time in seconds")
    return float(value)


def _keyid(claims: Mapping[str, Json], header: Mapping[str, Json]) -> str:
    if claims.get("keyid", "") == "":
        raise refused(Reason.KEYID_MISSING, "the token names no key", SIGNATURES)
    keyid = _text(claims, "keyid")
    if header.get("kid", "") not in {"", keyid}:
        raise refused(Reason.KEYID_MISMATCH, "the token names two keys", SIGNATURES)
    return keyid


def _files(listed: Json) -> dict[str, tuple[str, str]]:
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise _malformed("the token lists no files")
    found: dict[str, tuple[str, str]] = {}
    for one in listed:
        if not isinstance(one, Mapping) or one.keys() != {"name", "hash", "algorithm"}:
            raise _malformed("the token lists a file without its name, hash and algorithm")
        name = _text(one, "name")
        if name in found:
            raise refused(Reason.LISTED_TWICE, "the token lists it twice", name)
        found[name] = (_text(one, "algorithm"), _text(one, "hash"))
    return found


def _head(said: Json) -> str | None:
    if said is None:
        return None
    if not isinstance(said, Mapping) or said.keys() != {"hash", "algorithm"}:
        raise _malformed(f"the token's {SEAL} is no hash and algorithm")
    if _text(said, "algorithm") != hashes.ALGORITHM:
        raise refused(Reason.HASH_UNKNOWN, f"the hash of {SEAL} is not SHA-256", SIGNATURES)
    return _text(said, "hash")


def _with_low_s(token: str) -> str:
    """The token with the smaller of the two values that make the same signature."""
    signed, _, signature = token.rpartition(".")
    content = _decoded(signature)
    number = int.from_bytes(content[32:], "big")
    small = min(number, _ORDER - number)
    return f"{signed}.{_encoded(content[:32] + small.to_bytes(32, 'big'))}"
