"""Keys, small bundles, and archives written by hand, for tests of what is signed."""

from __future__ import annotations

import functools
import gzip
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from policylib import archive, bundle
from policylib.bundle.signatures import hashes

KEYID = "prod-2026"
SCOPE = "payments"
REVISION = f"7+sha256:{'ab' * 32}"
MANIFEST: dict[str, Any] = {"revision": REVISION, "roots": ["app"], "rego_version": 1}
FILES: dict[str, bytes] = {
    ".manifest": json.dumps(MANIFEST).encode(),
    "app/data.json": b'{"limit": 1e2, "name": "caf\\u00e9"}',
    "app/sub/rules.rego": b"package app.sub\n\nimport rego.v1\n\ndeny contains 1 if input.x\n",
}


@dataclass(frozen=True)
class Pair:
    """A key and its public half, in PEM."""

    private: bytes
    public: bytes
    algorithm: str


def pair(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, passphrase: bytes = b"") -> Pair:
    locked = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return Pair(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256",
    )


@functools.cache
def keys(algorithm: str, whose: str = "ours") -> Pair:
    """One pair for each algorithm and owner in a process."""
    if algorithm == "RS256":
        return pair(rsa.generate_private_key(65537, 2048))
    return pair(ec.generate_private_key(ec.SECP256R1()))


@functools.cache
def signed(algorithm: str = "RS256") -> bytes:
    """The small bundle, signed by policylib."""
    key = keys(algorithm).private
    return bundle.sign(archive.write(FILES), key, KEYID, scope=SCOPE)


def verify(
    content: bytes, algorithm: str = "RS256", scope: str = SCOPE, **options: Any
) -> bundle.Verified:
    return bundle.verify(content, keys(algorithm).public, KEYID, scope=scope, **options)


@dataclass(frozen=True)
class Member:
    """A member of a tar archive, as odd as one likes."""

    name: str
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    header: Mapping[int, bytes] = field(default_factory=dict)
    """Bytes to write over those of the header, by offset."""

    def bytes(self) -> bytes:
        info = tarfile.TarInfo(self.name)
        info.type, info.size = self.kind, len(self.content)
        block = bytearray(info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "surrogateescape"))
        for offset, data in self.header.items():
            block[offset : offset + len(data)] = data
        if 148 not in self.header:
            block[148:156] = b" " * 8
            block[148:156] = b"%06o\0 " % sum(block)
        return bytes(block) + self.content + bytes(-len(self.content) % 512)


def members(files: Mapping[str, bytes]) -> list[Member]:
    return [Member(name, content) for name, content in files.items()]


def tar(content: Iterable[Member], end: bytes = bytes(1024)) -> bytes:
    return b"".join(member.bytes() for member in content) + end


def pack(content: Iterable[Member]) -> bytes:
    return gzip.compress(tar(content), 1, mtime=0)


def listed(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    return [
        {"name": name, "hash": hashes.File(name, content).digest(), "algorithm": "SHA-256"}
        for name, content in files.items()
    ]


def token(
    content: Mapping[str, bytes], /, headers: dict[str, str] | None = None, **claims: Any
) -> str:
    """A token that our key signs, with claims of one's own; None leaves a claim out."""
    files = claims["files"] if "files" in claims else listed(content)
    said = {"keyid": KEYID, "scope": SCOPE} | claims | {"files": files}
    kept = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(kept, keys("RS256").private, "RS256", headers)


def signatures(*tokens: str) -> bytes:
    return json.dumps({"signatures": tokens}).encode()


def resigned(content: Mapping[str, bytes], /, **claims: Any) -> bytes:
    """A bundle of these files, signed by our key as OPA signs: its archive is not sealed."""
    return pack(members({**content, ".signatures.json": signatures(token(content, **claims))}))
