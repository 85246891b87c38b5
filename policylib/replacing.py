"""Replaces a file in one step: whoever reads it sees what was there before, or all of the rest."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def replace(file: Path, content: bytes) -> None:
    """Write a file so that it survives a crash; links to it stay links, and it keeps its mode.

    A device or a pipe cannot be replaced, and is written to.
    Raises `OSError` when it cannot be written, and leaves it as it was, unless the disk fails as
    the folder is settled.
    """
    import tempfile  # it takes longer to import than all that needs it at a start

    target = Path(os.path.realpath(file))
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".policylib-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            temporary.chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    settle(target.parent)


def settle(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on the disk.

    A folder that may not be read, or that its file system settles by itself, is left to that.
    Raises `OSError` where the disk fails.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if not (error.errno in {errno.EACCES, errno.EINVAL} and path.is_dir()):
            raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
