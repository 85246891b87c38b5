"""Ways to tamper with a signed bundle, and the reason for which each is refused."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import tarfile
from collections.abc import Callable
from typing import Any

from policylib import archive, bundle
from policylib.bundle.signatures import envelope
from policylib.bundle.signatures.envelope import SIGNATURES
from policylib.bundle.signatures.reasons import Reason
from policylib.bundle.signatures.tokens import SEAL
from tests.bundle.signatures import (
    FILES,
    KEYID,
    MANIFEST,
    REVISION,
    SCOPE,
    Member,
    keys,
    listed,
    members,
    pack,
    resigned,
    signatures,
    signed,
    tar,
    token,
)


def inside() -> dict[str, bytes]:
    """The files of the signed bundle, with its signatures."""
    return dict(envelope.unpack(signed()).files)


def repacked(**changes: bytes | None) -> bytes:
    """The signed bundle with files changed, added or (None) removed, whose seal is renewed."""
    files = {**inside(), **changes}
    kept = {name: content for name, content in files.items() if content is not None}
    return pack(members(kept))


def put(name: str, content: bytes | None) -> bytes:
    return repacked(**{name: content})


def manifest(**changes: Any) -> bytes:
    """A bundle that our key signs, with another manifest; None leaves a key out."""
    said = {name: value for name, value in {**MANIFEST, **changes}.items() if value is not None}
    return resigned({**FILES, ".manifest": json.dumps(said).encode()})


def holding(**files: bytes) -> bytes:
    """A bundle that our key signs, with other files beside."""
    return resigned({**FILES, **files})


def member(*changed: Member) -> bytes:
    return pack([*members(inside()), *changed])


def forged(header: Any, signature: Callable[[bytes], bytes]) -> bytes:
    """The signed bundle with a token of another header."""
    claims = json.loads(inside()[SIGNATURES])["signatures"][0].split(".")[1]
    start = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=") + b"."
    body = start + claims.encode()
    made = base64.urlsafe_b64encode(signature(body)).rstrip(b"=")
    return put(SIGNATURES, signatures((body + b"." + made).decode()))


def with_public_key_as_secret(body: bytes) -> bytes:
    return hmac.digest(keys("RS256").public, body, "sha256")


def another_encoding() -> bytes:
    files = inside()
    return gzip.compress(tar(members(dict(sorted(files.items())))), 9, mtime=0)


def stranger() -> bytes:
    return bundle.sign(archive.write(FILES), keys("RS256", "theirs").private, KEYID, scope=SCOPE)


def patched(offset: int, data: bytes) -> bytes:
    return signed()[:offset] + data + signed()[offset + len(data) :]


def hashed_with(name: str) -> bytes:
    algorithm = {"SHA-1": "sha1", "MD5": "md5", "SHA-224": "sha224", "SHA-3": "sha3_256"}[name]
    rego = "app/sub/rules.rego"
    weak = {
        "name": rego,
        "hash": hashlib.new(algorithm, FILES[rego]).hexdigest(),
        "algorithm": name,
    }
    return resigned(FILES, files=[weak if one["name"] == rego else one for one in listed(FILES)])


def with_yaml(content: bytes) -> bytes:
    """A bundle with YAML that our key signs; under which digest does not matter."""
    name = "app/sub/data.yaml"
    one = {"name": name, "hash": "00", "algorithm": "SHA-256"}
    return resigned({**FILES, name: content}, files=[*listed(FILES), one])


def _next_last_character(text: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]


REGO = "app/sub/rules.rego"
DATA = "app/data.json"
DEEP = b'{"a":' * 300 + b"1" + b"}" * 300

TAMPERS: dict[str, tuple[Callable[[], bytes], Reason]] = {
    # The archive
    "no archive": (lambda: b"package app\n", Reason.NOT_AN_ARCHIVE),
    "nothing at all": (lambda: b"", Reason.NOT_AN_ARCHIVE),
    "cut off": (lambda: signed()[:-9], Reason.ARCHIVE_CORRUPT),
    "cut off before the checksum": (lambda: signed()[:-8], Reason.ARCHIVE_CORRUPT),
    "cut off in the length": (lambda: signed()[:-1], Reason.ARCHIVE_CORRUPT),
    "wrong checksum": (lambda: patched(len(signed()) - 8, b"abcd"), Reason.ARCHIVE_CORRUPT),
    "a second member": (lambda: signed() + gzip.compress(b""), Reason.SEVERAL_MEMBERS),
    "a second bundle behind": (lambda: signed() + signed(), Reason.SEVERAL_MEMBERS),
    "bytes behind": (lambda: signed() + b"\0", Reason.TRAILING_DATA),
    "bytes behind the tar": (
        lambda: gzip.compress(tar(members(inside())) + b"x"), Reason.TRAILING_DATA),
    "another tar behind": (
        lambda: gzip.compress(tar(members(inside())) * 2), Reason.TRAILING_DATA),
    "bytes in the padding": (
        lambda: gzip.compress(
            tar(members(inside())).replace(FILES[DATA] + b"\0", FILES[DATA] + b"x")),
        Reason.TRAILING_DATA),
    "zeros without end behind the tar": (
        lambda: gzip.compress(tar(members(inside()), bytes(1 << 16))), Reason.TRAILING_DATA),
    "no end of the tar": (
        lambda: gzip.compress(tar(members(inside()), b"")), Reason.ARCHIVE_CORRUPT),
    "half an end of the tar": (
        lambda: gzip.compress(tar(members(inside()), bytes(512))), Reason.ARCHIVE_CORRUPT),
    "a decompression bomb": (
        lambda: gzip.compress(bytes(archive.LARGEST * 2)), Reason.TOO_LARGE),
    "a file larger than it is": (
        lambda: member(Member("app/x.rego", b"", header={124: b"00000777777\0"})),
        Reason.ARCHIVE_CORRUPT),
    "a size in another notation": (
        lambda: member(Member("app/x.rego", b"", header={124: b"\x80" + bytes(11)})),
        Reason.ARCHIVE_CORRUPT),
    "a wrong header checksum": (
        lambda: member(Member("app/x.rego", b"", header={148: b"000000\0 "})),
        Reason.ARCHIVE_CORRUPT),
    "files without number": (
        lambda: member(*(Member(f"app/{n}.rego") for n in range(archive.MOST_FILES))),
        Reason.TOO_MANY_FILES),
    "an absolute name": (lambda: member(Member("/app/x.rego")), Reason.ABSOLUTE_NAME),
    "slashes before a name": (lambda: member(Member("//etc/passwd")), Reason.ABSOLUTE_NAME),
    "all names absolute": (
        lambda: pack(Member(f"/{name}", content) for name, content in inside().items()),
        Reason.ABSOLUTE_NAME),
    "a way out": (lambda: member(Member("app/../../x.rego")), Reason.PATH_TRAVERSAL),
    "a way out in the prefix": (
        lambda: member(Member("x.rego", header={345: b"../up"})), Reason.PATH_TRAVERSAL),
    "a dot in a name": (lambda: member(Member("./app/x.rego")), Reason.ODD_NAME),
    "a backslash": (lambda: member(Member("app\\x.rego")), Reason.ODD_NAME),
    "a control character": (lambda: member(Member("app/\x1b[2Jx")), Reason.ODD_NAME),
    "a direction mark": (lambda: member(Member("app/\u202egor.x")), Reason.ODD_NAME),
    "no UTF-8": (lambda: member(Member("app/\udcff.rego")), Reason.ODD_NAME),
    "a name behind a zero": (
        lambda: member(Member("x", header={0: b"app/x\0.rego"})), Reason.ODD_NAME),
    "a name that ends like a folder": (
        lambda: member(Member("x", header={0: b"app/x/"})), Reason.ODD_NAME),
    "no name": (lambda: member(Member("x", header={0: b"\0"})), Reason.ODD_NAME),
    "a file twice": (lambda: member(Member(REGO, b"package app\n")), Reason.DUPLICATE_MEMBER),
    "the same file twice": (lambda: member(Member(REGO, FILES[REGO])), Reason.DUPLICATE_MEMBER),
    "the signatures twice": (
        lambda: member(Member(SIGNATURES, inside()[SIGNATURES])), Reason.DUPLICATE_MEMBER),
    "a file where a folder is": (lambda: member(Member("app/sub")), Reason.DUPLICATE_MEMBER),
    "a symbolic link": (
        lambda: member(Member("app/x.rego", kind=tarfile.SYMTYPE)), Reason.LINK),
    "a hard link": (lambda: member(Member("app/x.rego", kind=tarfile.LNKTYPE)), Reason.LINK),
    "a device": (lambda: member(Member("app/x.rego", kind=tarfile.CHRTYPE)), Reason.DEVICE),
    "a pipe": (lambda: member(Member("app/x.rego", kind=tarfile.FIFOTYPE)), Reason.DEVICE),
    "a pax header that renames": (
        lambda: pack([Member("p", b"20 path=.signaturesX\n", tarfile.XHDTYPE), *members(inside())]),
        Reason.ODD_MEMBER),
    "a GNU long name": (
        lambda: pack([Member("p", b"evil.rego\0", tarfile.GNUTYPE_LONGNAME), *members(inside())]),
        Reason.ODD_MEMBER),
    "a sparse file": (
        lambda: member(Member("app/x.rego", kind=tarfile.GNUTYPE_SPARSE)), Reason.ODD_MEMBER),
    "a folder with content": (
        lambda: member(Member("app", b"x", tarfile.DIRTYPE)), Reason.ODD_MEMBER),
    "a folder of nothing": (
        lambda: member(Member("other", kind=tarfile.DIRTYPE)), Reason.EMPTY_FOLDER),
    "packed again, with the same files": (another_encoding, Reason.SEAL_BROKEN),
    "unpacked and packed by tar": (repacked, Reason.SEAL_BROKEN),
    "another time in the gzip header": (lambda: patched(4, b"\1"), Reason.SEAL_BROKEN),
    "another system in the gzip header": (lambda: patched(9, b"\3"), Reason.SEAL_BROKEN),
    "a name in the gzip header": (
        lambda: signed()[:3] + b"\x08" + signed()[4:10] + b"x\0" + signed()[10:],
        Reason.SEAL_BROKEN),
    # The signature
    "stripped": (lambda: put(SIGNATURES, None), Reason.UNSIGNED),
    "signatures under another name": (
        lambda: repacked(**{SIGNATURES: None, "signatures.json": inside()[SIGNATURES]}),
        Reason.UNSIGNED),
    "signatures in a folder": (
        lambda: repacked(**{SIGNATURES: None, f"app/{SIGNATURES}": inside()[SIGNATURES]}),
        Reason.UNSIGNED),
    "a second signatures file": (
        lambda: put(f"app/{SIGNATURES}", inside()[SIGNATURES]), Reason.SECOND_SIGNATURES),
    "a second signatures file in other letters": (
        lambda: put(".Signatures.JSON", inside()[SIGNATURES]), Reason.SECOND_SIGNATURES),
    "a kept signatures file": (
        lambda: put(f"{SIGNATURES}.bak", inside()[SIGNATURES]), Reason.SECOND_SIGNATURES),
    "signatures that are no JSON": (lambda: put(SIGNATURES, b"{"), Reason.JSON_MALFORMED),
    "signatures twice over": (
        lambda: put(SIGNATURES, b'{"signatures":[],"signatures":["a.b.c"]}'),
        Reason.JSON_DUPLICATE_KEY),
    "signatures in two cases": (
        lambda: put(SIGNATURES, b'{"signatures":[],"Signatures":["a.b.c"]}'),
        Reason.SIGNATURES_MALFORMED),
    "signatures that are a list": (lambda: put(SIGNATURES, b"[]"), Reason.SIGNATURES_MALFORMED),
    "signatures that are text": (
        lambda: put(SIGNATURES, b'{"signatures": "a.b.c"}'), Reason.SIGNATURES_MALFORMED),
    "a verifier of its own": (
        lambda: put(SIGNATURES, b'{"plugin": "mine", "signatures": ["a.b.c"]}'), Reason.PLUGIN),
    "no token": (lambda: put(SIGNATURES, signatures()), Reason.NO_TOKEN),
    "an empty object": (lambda: put(SIGNATURES, b"{}"), Reason.NO_TOKEN),
    "two tokens": (
        lambda: put(SIGNATURES, signatures(token(FILES), token(FILES))), Reason.SEVERAL_TOKENS),
    "a token that is none": (lambda: put(SIGNATURES, signatures("x")), Reason.TOKEN_MALFORMED),
    "a token of numbers": (
        lambda: put(SIGNATURES, b'{"signatures": [1]}'), Reason.TOKEN_MALFORMED),
    "Base64 with other bits left over": (
        lambda: put(SIGNATURES, signatures(_next_last_character(token(FILES)))),
        Reason.TOKEN_MALFORMED),
    "a critical header": (
        lambda: forged({"alg": "RS256", "crit": ["b64"], "b64": False}, lambda body: b"x"),
        Reason.TOKEN_MALFORMED),
    "a key in the header": (
        lambda: forged({"alg": "RS256", "jwk": {}}, lambda body: b"x"), Reason.TOKEN_MALFORMED),
    "alg none": (lambda: forged({"alg": "none"}, lambda body: b""), Reason.ALGORITHM_NONE),
    "alg nOnE": (lambda: forged({"alg": "nOnE"}, lambda body: b""), Reason.ALGORITHM_NONE),
    "the public key as a secret": (
        lambda: forged({"alg": "HS256"}, with_public_key_as_secret), Reason.ALGORITHM_SYMMETRIC),
    "an algorithm of another padding": (
        lambda: forged({"alg": "PS256"}, lambda body: b"x"), Reason.ALGORITHM_UNKNOWN),
    "no algorithm": (lambda: forged({"typ": "JWT"}, lambda body: b"x"), Reason.TOKEN_MALFORMED),
    "the algorithm of another key": (
        lambda: forged({"alg": "ES256"}, lambda body: bytes(64)), Reason.ALGORITHM_MISMATCH),
    "no signature": (lambda: forged({"alg": "RS256"}, lambda body: b""), Reason.SIGNATURE_WRONG),
    "another header, the old signature": (
        lambda: forged({"alg": "RS256", "kid": "x"}, lambda body: bytes(256)),
        Reason.SIGNATURE_WRONG),
    "somebody else's signature": (stranger, Reason.SIGNATURE_WRONG),
    "no key id": (lambda: resigned(FILES, keyid=None), Reason.KEYID_MISSING),
    "an empty key id": (lambda: resigned(FILES, keyid=""), Reason.KEYID_MISSING),
    "another key id": (lambda: resigned(FILES, keyid="test"), Reason.KEYID_MISMATCH),
    "no scope": (lambda: resigned(FILES, scope=None), Reason.SCOPE_MISSING),
    "another scope": (lambda: resigned(FILES, scope="all"), Reason.SCOPE_MISMATCH),
    "expired": (lambda: resigned(FILES, exp=1_700_000_000), Reason.EXPIRED),
    "not yet valid": (lambda: resigned(FILES, nbf=33_000_000_000), Reason.NOT_YET_VALID),
    "an expiry that is no time": (lambda: resigned(FILES, exp="never"), Reason.TOKEN_MALFORMED),
    "a claim in two cases": (lambda: resigned(FILES, Files=[]), Reason.TOKEN_MALFORMED),
    "no list of files": (lambda: resigned(FILES, files=None), Reason.TOKEN_MALFORMED),
    "a token of four parts": (
        lambda: put(SIGNATURES, signatures(f"{token(FILES)}.x")), Reason.TOKEN_MALFORMED),
    "a header that is a list": (
        lambda: forged(["RS256"], lambda body: b"x"), Reason.TOKEN_MALFORMED),
    "files that are text": (lambda: resigned(FILES, files=["x"]), Reason.TOKEN_MALFORMED),
    "files with more than a hash": (
        lambda: resigned(FILES, files=[{**one, "x": 1} for one in listed(FILES)]),
        Reason.TOKEN_MALFORMED),
    "files without a hash": (
        lambda: resigned(FILES, files=[{"name": REGO}]), Reason.TOKEN_MALFORMED),
    "another type of token": (
        lambda: forged({"alg": "RS256", "typ": "JWS"}, lambda body: b"x"), Reason.TOKEN_MALFORMED),
    "a key id that differs from the header's": (
        lambda: put(SIGNATURES, signatures(token(FILES, headers={"kid": "x"}))),
        Reason.KEYID_MISMATCH),
    "a seal on an archive that has none": (
        lambda: resigned(FILES, **{SEAL: {"algorithm": "SHA-256", "hash": "0" * 64}}),
        Reason.SEAL_BROKEN),
    "a seal that is text": (lambda: resigned(FILES, **{SEAL: "x"}), Reason.TOKEN_MALFORMED),
    "a seal with a weaker hash": (
        lambda: resigned(FILES, **{SEAL: {"algorithm": "SHA-1", "hash": "0" * 40}}),
        Reason.HASH_UNKNOWN),
    "signatures with more spaces": (
        lambda: put(SIGNATURES, inside()[SIGNATURES] + b"\n"), Reason.SEAL_BROKEN),
    # The files
    "a weaker hash": (lambda: hashed_with("SHA-1"), Reason.HASH_WEAK),
    "the weakest hash": (lambda: hashed_with("MD5"), Reason.HASH_WEAK),
    "a shorter hash": (lambda: hashed_with("SHA-224"), Reason.HASH_WEAK),
    "a hash that OPA does not know": (lambda: hashed_with("SHA-3"), Reason.HASH_UNKNOWN),
    "a file listed twice": (
        lambda: resigned(FILES, files=[*listed(FILES), *listed(FILES)]), Reason.LISTED_TWICE),
    "a rule altered": (
        lambda: put(REGO, FILES[REGO].replace(b"deny", b"dent")), Reason.FILE_ALTERED),
    "a space in a rule": (lambda: put(REGO, FILES[REGO] + b" "), Reason.FILE_ALTERED),
    "data altered": (
        lambda: put(DATA, b'{"limit": 1e3, "name": "caf\xc3\xa9"}'), Reason.FILE_ALTERED),
    "a number written otherwise": (
        lambda: put(DATA, b'{"limit": 100, "name": "caf\xc3\xa9"}'), Reason.FILE_ALTERED),
    "data as JSON with spaces": (
        lambda: put(DATA, b' {"limit":1e2,"name":"caf\\u00e9"}'), Reason.SEAL_BROKEN),
    "the manifest altered": (
        lambda: put(".manifest", json.dumps(MANIFEST | {"roots": ["ap"]}).encode()),
        Reason.FILE_ALTERED),
    "a later number on an old bundle": (
        lambda: put(".manifest", FILES[".manifest"].replace(b'"7+', b'"8+')), Reason.FILE_ALTERED),
    "a rule added": (lambda: put("app/x.rego", b"package app\n"), Reason.FILE_ADDED),
    "a text added": (lambda: put("README.md", b"hello"), Reason.FILE_ADDED),
    "a rule removed": (lambda: put(REGO, None), Reason.FILE_MISSING),
    "a rule renamed": (
        lambda: repacked(**{REGO: None, "app/sub/rules.rego.txt": FILES[REGO]}),
        Reason.FILE_RENAMED),
    "data moved": (
        lambda: repacked(**{DATA: None, "app/sub/data.json": FILES[DATA]}), Reason.FILE_RENAMED),
    "a delta beside": (lambda: put("patch.json", b'{"data": []}'), Reason.FILE_ADDED),
    "a delta instead": (
        lambda: pack(members({"patch.json": b'{"data": [{"op": "remove"}]}'})), Reason.UNSIGNED),
    "a signed delta": (lambda: holding(**{"patch.json": b'{"data": []}'}), Reason.DELTA),
    "a delta in a folder": (lambda: holding(**{"app/patch.json": b"{}"}), Reason.DELTA),
    "compiled policy": (lambda: holding(**{"policy.wasm": b"\0asm"}), Reason.COMPILED),
    "a plan": (lambda: holding(**{"plan.json": b"{}"}), Reason.COMPILED),
    "compiled policy in the manifest": (
        lambda: manifest(wasm=[{"entrypoint": "app/x"}]), Reason.COMPILED),
    "signed signatures elsewhere": (
        lambda: holding(**{"signatures.json": b"{}"}), Reason.SECOND_SIGNATURES),
    "data as YAML": (lambda: with_yaml(b"on: 010\n"), Reason.YAML_DATA),
    "a key twice": (lambda: put(DATA, b'{"a": 1, "a": 2}'), Reason.JSON_DUPLICATE_KEY),
    "not a number": (lambda: put(DATA, b'{"a": NaN}'), Reason.JSON_NOT_A_NUMBER),
    "infinity": (lambda: put(DATA, b'{"a": -Infinity}'), Reason.JSON_NOT_A_NUMBER),
    "too deep": (lambda: put(DATA, DEEP), Reason.JSON_TOO_DEEP),
    "much too deep": (lambda: put(DATA, b"[" * 500_000), Reason.JSON_TOO_DEEP),
    "too many values": (lambda: put(DATA, b"[],".join([b"["] * 2_000_000)), Reason.TOO_LARGE),
    "half a character": (lambda: put(DATA, b'{"a": "\\ud800"}'), Reason.JSON_MALFORMED),
    "a byte order mark": (lambda: put(DATA, b"\xef\xbb\xbf{}"), Reason.JSON_MALFORMED),
    "no UTF-8 in data": (lambda: put(DATA, b'{"a": "\xff"}'), Reason.JSON_MALFORMED),
    "UTF-16": (lambda: put(DATA, '{"a": 1}'.encode("utf-16")), Reason.JSON_MALFORMED),
    "data behind data": (lambda: put(DATA, b'{"a": 1} {}'), Reason.JSON_MALFORMED),
    # What the signed files say
    "no manifest": (
        lambda: resigned({name: FILES[name] for name in (REGO, DATA)}), Reason.MANIFEST_MISSING),
    "a second manifest": (
        lambda: holding(**{"app/.manifest": FILES[".manifest"]}), Reason.SECOND_MANIFEST),
    "a manifest of another form": (
        lambda: holding(**{".manifest.pb": b""}), Reason.SECOND_MANIFEST),
    "a manifest that is a list": (
        lambda: resigned({**FILES, ".manifest": b"[]"}), Reason.MANIFEST_MALFORMED),
    "a manifest with roots in two cases": (
        lambda: manifest(Roots=[""]), Reason.MANIFEST_MALFORMED),
    "roots that are text": (lambda: manifest(roots="app"), Reason.MANIFEST_MALFORMED),
    "a root that is a number": (lambda: manifest(roots=[1]), Reason.MANIFEST_MALFORMED),
    "a root that ends in a slash": (lambda: manifest(roots=["app/"]), Reason.MANIFEST_MALFORMED),
    "a root with a hole": (lambda: manifest(roots=["app//sub"]), Reason.MANIFEST_MALFORMED),
    "metadata that are a list": (lambda: manifest(metadata=[]), Reason.MANIFEST_MALFORMED),
    "Rego versions that are a list": (
        lambda: manifest(file_rego_versions=[]), Reason.MANIFEST_MALFORMED),
    "Rego of a later version": (lambda: manifest(rego_version=3), Reason.REGO_VERSION),
    "Rego of no version": (lambda: manifest(rego_version=True), Reason.REGO_VERSION),
    "Rego of a later version in a file": (
        lambda: manifest(file_rego_versions={"*": 9}), Reason.REGO_VERSION),
    "no roots": (lambda: manifest(roots=None), Reason.ROOTS_EVERYTHING),
    "an empty root": (lambda: manifest(roots=[""]), Reason.ROOTS_EVERYTHING),
    "a root that is a slash": (lambda: manifest(roots=["app", "/"]), Reason.ROOTS_EVERYTHING),
    "overlapping roots": (lambda: manifest(roots=["app/sub", "app"]), Reason.ROOTS_OVERLAP),
    "a root twice": (lambda: manifest(roots=["app", "app"]), Reason.ROOTS_OVERLAP),
    "a root of nothing": (lambda: manifest(roots=["app", "other"]), Reason.ROOTS_EMPTY),
    "rules outside": (lambda: manifest(roots=["app/limit"]), Reason.REGO_OUTSIDE),
    "rules of another package": (
        lambda: holding(**{"app/x.rego": b"package system.log\n"}), Reason.REGO_OUTSIDE),
    "rules behind a comment": (
        lambda: holding(**{"app/x.rego": b"# package app\n\npackage evil\n"}), Reason.REGO_OUTSIDE),
    "rules of a package in brackets": (
        lambda: holding(**{"app/x.rego": b'package app2["app"]\n'}), Reason.REGO_OUTSIDE),
    "rules without a package": (
        lambda: holding(**{"app/x.rego": b"x := `\npackage app\n`\n"}), Reason.PACKAGE_UNREADABLE),
    "rules that are no text": (
        lambda: holding(**{"app/x.rego": b"\xff"}), Reason.PACKAGE_UNREADABLE),
    "data outside": (lambda: holding(**{"data.json": b'{"b": 1}'}), Reason.DATA_OUTSIDE),
    "data in a folder of dots": (
        lambda: holding(**{".../data.json": b'{"app": {"a": 1}}'}), Reason.ODD_NAME),
    "data that are no object": (lambda: holding(**{"data.json": b"[]"}), Reason.DATA_OUTSIDE),
    "no revision": (lambda: manifest(revision=None), Reason.REVISION_MALFORMED),
    "a revision of one's own": (lambda: manifest(revision="v1"), Reason.REVISION_MALFORMED),
    "a revision without a number": (
        lambda: manifest(revision=REVISION[2:]), Reason.REVISION_MALFORMED),
    "a number with zeros before": (
        lambda: manifest(revision=f"0{REVISION}"), Reason.REVISION_MALFORMED),
    "a number in other digits": (
        lambda: manifest(revision=f"\u0667{REVISION[1:]}"), Reason.REVISION_MALFORMED),
    "a line behind the revision": (
        lambda: manifest(revision=f"{REVISION}\n"), Reason.REVISION_MALFORMED),
}  # fmt: skip
