"""Reads files within bounds: no endless file fills the memory, no pipe is waited for by mistake."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LARGEST = 128 * 1024 * 1024
"""Bytes that one file or stream may hold."""


def read(path: Path, *, pipes: bool = False) -> bytes:
    """The content of a regular file; of a pipe or device too with `pipes`, for what a user names.

    Raises `OSError` for anything else, and for more than `LARGEST` bytes.
    """
    waits = 0 if pipes else os.O_NONBLOCK  # opening a pipe waits for its writer otherwise
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | waits)
    try:
        _require_readable(os.fstat(handle).st_mode, path, pipes=pipes)
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return drain(stream)
    finally:
        os.close(handle)


def drain(stream: BinaryIO) -> bytes:
    """All that a stream gives; raises `OSError` for more than `LARGEST` bytes."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, f"more than {LARGEST} bytes")
    return content


def walk(top: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """What `os.walk` finds, links to folders not followed.

    Raises `OSError` for a folder that cannot be searched, which `os.walk` passes over in silence.
    """

    def unsearchable(error: OSError) -> None:
        raise error

    return os.walk(top, onerror=unsearchable)


def _require_readable(mode: int, path: Path, *, pipes: bool) -> None:
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not (pipes or stat.S_ISREG(mode)):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
