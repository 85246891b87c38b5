"""Compressed archives (tar+gzip): read without trust, and written the same for the same files.

Nothing is unpacked to disk. What is no plain file below the root is refused, and so is what
unpacks to more than the reader has room for.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from policylib.errors import BundleError

LONGEST_NAME: Final = 1024
"""Characters of a path in an archive."""


def read(content: bytes, where: str, room: int, most: int) -> Iterator[tuple[str, bytes]]:
    """The files of an archive, in its order: path and content.

    Parameters
    ----------
    where
        What the archive is called in errors.
    room
        How many bytes the files may have together.
    most
        How many files there may be.

    Raises `BundleError` for an archive that cannot be read to its end, holds anything but plain
    files and folders, or exceeds `room`.
    """
    # Headers and padding count too: a block for each file, and some more.
    limit = room + (most + 16) * 3 * tarfile.BLOCKSIZE
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            bounded = io.BufferedReader(_Bounded(packed, limit, where))
            with tarfile.open(fileobj=bounded, mode="r|") as archive:
                for member in archive:
                    if not member.isdir():
                        yield path(member.name, where), _content(archive, member, room, where)
                        room -= member.size
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
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


class _Bounded(io.RawIOBase):
    """A stream that fails when it gives more than it may."""

    def __init__(self, stream: io.BufferedIOBase, most: int, where: str) -> None:
        self._stream, self._left, self._where = stream, most, where

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise BundleError("the artifact unpacks to more than is permitted", where=self._where)
        buffer[: len(data)] = data
        return len(data)


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
