"""Reads files within bounds: no endless file fills the memory, no pipe is waited for by mistake."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

LARGEST = 128 * 1024 * 1024
"""Bytes that one file or stream may hold."""


def read(path: Path, *, pipes: bool = False) -> bytes:
    """The content of a regular file; of a pipe or device too with `pipes`, for what a user names.

    Raises `OSError` for anything else, and for more than `LARGEST` bytes.
    """
    waits = 0 if pipes else os.O_NONBLOCK  # opening a pipe waits for its writer otherwise
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | waits), "rb") as stream:
        if not (pipes or stat.S_ISREG(os.fstat(stream.fileno()).st_mode)):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return drain(stream)


def drain(stream: BinaryIO) -> bytes:
    """All that a stream gives; raises `OSError` for more than `LARGEST` bytes."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, f"more than {LARGEST} bytes")
    return content
