"""The archive around a bundle's files: read as all readers read it, and sealed.

A sealed archive has two parts. The head is the gzip header and all files, compressed. The tail is
`.signatures.json` and the end, stored without compression, so that its bytes follow from the
token in it. The token signs the digest of the head. So each byte of the archive is signed, or
follows from what is: nothing in it can be changed, not even what gzip and tar ignore.
"""

from __future__ import annotations

import re
import struct
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from policylib.archive import LARGEST, LONGEST_NAME, MOST_FILES
from policylib.bundle.signatures.reasons import Reason, refused
from policylib.errors import BundleError

SIGNATURES: Final = ".signatures.json"

_BLOCK: Final = tarfile.BLOCKSIZE
_LIMIT: Final = LARGEST + MOST_FILES * 2 * _BLOCK
_MOST_PADDING: Final = tarfile.RECORDSIZE
# No name, no time, no system; compressed as well as it can be.
_HEADER: Final = bytes.fromhex("1f8b08000000000002ff")
_STORED: Final = 0xFFFF
_TRAILER: Final = 8
_MAGICS: Final = (b"ustar\x0000", b"ustar  \x00")
_OCTAL: Final = re.compile(rb" *([0-7]{1,11})[ \0]*")
_REASONS: Final = {
    b"1": Reason.LINK,
    b"2": Reason.LINK,
    b"3": Reason.DEVICE,
    b"4": Reason.DEVICE,
    b"6": Reason.DEVICE,
}


@dataclass(frozen=True)
class Unpacked:
    """The files of an archive, and whether their names begin with a slash, as OPA writes them."""

    files: Mapping[str, bytes]
    is_rooted: bool


def unpack(content: bytes) -> Unpacked:
    """The files of a gzip-compressed tar archive (posix path → content).

    Raises `SignatureError` unless there is one gzip member and nothing behind it, one tar archive
    that holds plain files with plain names, each once, and nothing behind that.
    """
    data = _inflate(content)
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    rooted: set[bool] = set()
    offset = 0
    while header := _header(data, offset):
        offset += _BLOCK
        rooted.add(header.is_rooted)
        if header.name in files or header.name in folders:
            raise refused(Reason.DUPLICATE_MEMBER, "it is in the archive twice", header.name)
        if header.is_folder:
            folders.add(header.name)
        else:
            files[header.name] = _content(data, offset, header)
            offset += -(-header.size // _BLOCK) * _BLOCK
        if len(files) + len(folders) > MOST_FILES:
            raise refused(Reason.TOO_MANY_FILES, f"it holds more than {MOST_FILES} files")
    _ends(data, offset)
    if len(rooted) > 1:
        raise refused(Reason.ABSOLUTE_NAME, "some names begin with a slash, and some do not")
    _refuse_folders(files, folders)
    return Unpacked(files, is_rooted=True in rooted)


def seal(files: Mapping[str, bytes], sign: Callable[[bytes], bytes]) -> bytes:
    """An archive of `files` and of the `.signatures.json` that `sign` makes of its head.

    Raises `BundleError` for a name that does not fit into an archive.
    """
    packed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    members = b"".join(_member(name, content) for name, content in sorted(files.items()))
    # A full flush ends at a byte, and what follows does not look back.
    head = _HEADER + packed.compress(members) + packed.flush(zlib.Z_FULL_FLUSH)
    rest = _rest(sign(head))
    checksum = zlib.crc32(rest, zlib.crc32(members))
    return head + _stored(rest) + struct.pack("<II", checksum, len(members) + len(rest))


def head_of(content: bytes, signatures: bytes) -> bytes:
    """The head of a sealed archive that was unpacked, and held these `.signatures.json`.

    Raises `SignatureError` when what follows the head is not what `seal` writes there.
    """
    # Unpacking has held the checksum and the length at the end against the content.
    tail = _stored(_rest(signatures)) + content[-_TRAILER:]
    if not content.endswith(tail):
        raise refused(Reason.SEAL_BROKEN, "the archive does not end as its signer wrote it")
    return content[: -len(tail)]


def _rest(signatures: bytes) -> bytes:
    return _member(SIGNATURES, signatures) + bytes(2 * _BLOCK)


def _stored(content: bytes) -> bytes:
    """Deflate's own form of content that is not compressed, as the last of a stream."""
    starts = range(0, len(content), _STORED)
    chunks = [content[start : start + _STORED] for start in starts]
    return b"".join(
        struct.pack("<BHH", place == len(chunks), len(chunk), len(chunk) ^ _STORED) + chunk
        for place, chunk in enumerate(chunks, 1)
    )


def _member(name: str, content: bytes) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    try:
        header = info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
    except ValueError as error:
        raise BundleError(f"its name fits no archive: {error}", where=name) from error
    return header + content + bytes(-len(content) % _BLOCK)


def _inflate(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        raise refused(
            Reason.NOT_AN_ARCHIVE,
            "this is no gzip-compressed archive",
            remedy="name the bundle.tar.gz that `bundle build --target opa` writes",
        )
    inflater = zlib.decompressobj(wbits=31)
    try:
        data = inflater.decompress(content, _LIMIT + 1)
    except zlib.error as error:
        raise refused(Reason.ARCHIVE_CORRUPT, f"it cannot be decompressed: {error}") from error
    if len(data) > _LIMIT:
        raise refused(Reason.TOO_LARGE, f"it unpacks to more than {LARGEST} bytes")
    if not inflater.eof:
        raise refused(Reason.ARCHIVE_CORRUPT, "the compressed data end too early")
    if inflater.unused_data.startswith(b"\x1f\x8b"):
        raise refused(Reason.SEVERAL_MEMBERS, "another gzip member follows the first")
    if inflater.unused_data:
        raise refused(Reason.TRAILING_DATA, "something follows the compressed data")
    return data


@dataclass(frozen=True)
class _Header:
    name: str
    size: int
    is_folder: bool
    is_rooted: bool


def _header(data: bytes, offset: int) -> _Header | None:
    """The header of a member; None where the archive ends."""
    block = data[offset : offset + _BLOCK]
    if not any(block):
        return None  # `_ends` says whether it ends as it should
    checksum = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    if _number(block[148:156]) != checksum:
        raise refused(Reason.ARCHIVE_CORRUPT, "the checksum of a header is wrong")
    kind, magic = block[156:157], block[257:265]
    raw = block[:100].rstrip(b"\0")
    if magic == _MAGICS[0] and (prefix := block[345:500].rstrip(b"\0")):
        raw = prefix + b"/" + raw
    # Other dialects keep times, more of a name or of a sparse file here.
    foreign = any(block[500:]) if magic == _MAGICS[0] else any(block[345:])
    if kind not in {b"0", b"5"} or magic not in _MAGICS or foreign:
        reason = _REASONS.get(kind, Reason.ODD_MEMBER)
        what = "it is no plain file in a plain tar archive"
        raise refused(
            reason, what, _shown(raw), "write it with `tar --format=ustar`, of plain files alone"
        )
    name = _name(raw.removesuffix(b"/") if kind == b"5" else raw)
    size = _number(block[124:136])
    if kind == b"5" and size:
        raise refused(Reason.ODD_MEMBER, "a folder has content", name)
    return _Header(name, size, kind == b"5", raw.startswith(b"/"))


def _number(field: bytes) -> int:
    found = _OCTAL.fullmatch(field)
    if found is None:
        raise refused(Reason.ARCHIVE_CORRUPT, "a header holds no number where one belongs")
    return int(found[1], 8)


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _name(raw: bytes) -> str:
    """A name as a path below the root; OPA writes one slash before it."""
    where = _shown(raw)
    try:
        name = raw.decode("utf-8").removeprefix("/")
    except UnicodeDecodeError as error:
        raise refused(Reason.ODD_NAME, "its name is not UTF-8", where) from error
    if name.startswith("/"):
        raise refused(Reason.ABSOLUTE_NAME, "its name begins with slashes", where)
    parts = name.split("/")
    if ".." in parts:
        raise refused(Reason.PATH_TRAVERSAL, "its name leads out of the bundle", where)
    odd = "\\" in name or not name.isprintable() or len(name) > LONGEST_NAME
    if odd or "" in parts or "." in parts:
        raise refused(Reason.ODD_NAME, "its name is no plain path", where)
    return name


def _content(data: bytes, offset: int, header: _Header) -> bytes:
    end = offset + header.size
    padding = data[end : end + -header.size % _BLOCK]
    if end + -header.size % _BLOCK > len(data):
        raise refused(Reason.ARCHIVE_CORRUPT, "the archive ends within it", header.name)
    if any(padding):
        raise refused(Reason.TRAILING_DATA, "something follows its content", header.name)
    return data[offset:end]


def _ends(data: bytes, offset: int) -> None:
    """Two blocks of zeros end an archive; some programs fill up a record."""
    rest = len(data) - offset
    if rest < 2 * _BLOCK:
        raise refused(Reason.ARCHIVE_CORRUPT, "the archive ends within its end mark")
    if rest > 2 * _BLOCK + _MOST_PADDING or any(data[offset:]):
        raise refused(Reason.TRAILING_DATA, "something follows the end of the archive")


def _refuse_folders(files: Mapping[str, bytes], folders: set[str]) -> None:
    parents = {
        "/".join(parts[:depth])
        for parts in (name.split("/") for name in files)
        for depth in range(1, len(parts))
    }
    if clash := parents & files.keys():
        raise refused(Reason.DUPLICATE_MEMBER, "it is both a file and a folder", min(clash))
    if empty := folders - parents:
        raise refused(Reason.EMPTY_FOLDER, "the folder holds no file", min(empty))
