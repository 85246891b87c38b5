"""Compressed archives (tar+gzip): read without trust, and written the same for the same files.

Nothing is unpacked to disk. What is no plain file below the root is refused, and so is what
unpacks to more than the reader has room for, and what cannot be read to its very end.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

from policylib.errors import BundleError

LARGEST: Final = 64 << 20
"""Bytes that the files of an archive may have together."""
MOST_FILES: Final = 10_000
"""Files that an archive may hold."""
LONGEST_NAME: Final = 1024
"""Characters of a path in an archive."""

_AGAIN: Final = "it is damaged, or no plain tar+gzip: write or fetch it again"
_GZIP: Final = 16 + zlib.MAX_WBITS
_UNREADABLE: Final = (tarfile.TarError, zlib.error, ValueError, OverflowError, RecursionError)


def read(
    content: bytes, where: str, room: int = LARGEST, most: int = MOST_FILES
) -> list[tuple[str, bytes]]:
    """The files of an archive, in its order: path and content.

    Parameters
    ----------
    where
        What the archive is called in errors.
    room
        How many bytes the files may have together.
    most
        How many files there may be.

    Raises `BundleError` for an archive that cannot be read to its end, goes on behind that, holds
    anything but plain files and folders, or exceeds `room`.
    """
    # Headers and padding count too: a block for each file, and some more.
    limit = room + (most + 16) * 3 * tarfile.BLOCKSIZE
    try:
        return _files(_inflated(content, limit, where), room, where)
    except _UNREADABLE as error:
        raise BundleError(f"the archive cannot be read: {error}", where=where) from error


def path(name: str, where: str) -> str:
    """A name as a path below the root; `opa build` writes names that start with a slash."""
    parts = [part for part in name.split("/") if part not in {"", "."}]
    odd = "\\" in name or not name.isprintable() or len(name) > LONGEST_NAME
    if not parts or ".." in parts or odd:
        raise BundleError(f"{name!r} in the artifact is no path below its root", where=where)
    return "/".join(parts)


def write(files: Mapping[str, bytes], *, folders: bool = False) -> bytes:
    """An archive of files (posix path → content) that tells nothing of who made it, and when.

    Parameters
    ----------
    folders
        List the folders too, for programs that make none by themselves as they unpack.

    Raises `BundleError` for a name that fits no archive.
    """
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name in sorted(_folders(files)) if folders else ():
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            _add(archive, folder, b"")
        for name, content in sorted(files.items()):
            _add(archive, tarfile.TarInfo(name), content)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, member: tarfile.TarInfo, content: bytes) -> None:
    member.size = len(content)
    try:
        archive.addfile(member, io.BytesIO(content))
    except ValueError as error:
        raise BundleError(f"its name fits no archive: {error}", where=member.name) from error


def _folders(files: Iterable[str]) -> set[str]:
    """Every folder above a file, but for the root."""
    return {str(folder) for name in files for folder in PurePosixPath(name).parents[:-1]}


def _inflated(content: bytes, most: int, where: str) -> bytes:
    """What a gzip stream holds; its checksum and its length are right, and nothing follows it."""
    inflater = zlib.decompressobj(_GZIP)
    data = inflater.decompress(content, most + 1)
    if len(data) > most:
        raise BundleError("the artifact unpacks to more than is permitted", where=where)
    if not inflater.eof:
        raise BundleError("the archive ends too early", where=where, remedy=_AGAIN)
    if inflater.unused_data:
        raise BundleError("something follows the archive", where=where, remedy=_AGAIN)
    return data


def _files(data: bytes, room: int, where: str) -> list[tuple[str, bytes]]:
    files = []
    end = 0
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            if not member.isdir():
                files.append((path(member.name, where), _content(archive, member, room, where)))
                room -= member.size
            end = archive.offset
    _require_end(data, end, where)
    return files


def _require_end(data: bytes, end: int, where: str) -> None:
    """Require that an archive ends where its last file does: two blocks of zeros, or more.

    tarfile takes a damaged header for the end too, and passes what follows it in silence.
    """
    rest = data[end:]
    if rest.strip(b"\0"):
        what = f"behind byte {end} of the archive stands what is no file"
        raise BundleError(what, where=where, remedy=_AGAIN)
    if len(rest) < 2 * tarfile.BLOCKSIZE:
        raise BundleError("the archive ends too early", where=where, remedy=_AGAIN)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, room: int, where: str) -> bytes:
    if not member.isreg() or member.issparse():
        raise BundleError(f"{member.name!r} in the archive is no plain file", where=where)
    if member.size > room:
        raise BundleError("the artifact unpacks to more than is permitted", where=where)
    stream = archive.extractfile(member)
    data = stream.read() if stream else b""
    if len(data) != member.size:
        raise BundleError("the archive ends too early", where=where)
    return data
