"""File names as links that other tools follow: relative to the repository where possible."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from urllib.parse import quote


def relative(file: str, root: Path | None = None) -> str:
    """Name a file from `root` (default: the current folder) with forward slashes.

    A file outside the root keeps its absolute name. Symbolic links are not followed: the link
    is what the user named.
    """
    base = os.path.abspath(root or Path())
    path = os.path.abspath(file)
    if path == base or not path.startswith(base.rstrip(os.sep) + os.sep):
        return PurePath(path).as_posix()
    return PurePath(os.path.relpath(path, base)).as_posix()


def uri(file: str, root: Path | None = None) -> str:
    """Write a file as a URI reference (RFC 3986): relative to the root, or `file:///…`."""
    name = relative(file, root)
    encoded = quote(name, safe="/", errors="surrogateescape")
    return f"file://{encoded}" if name.startswith("/") else encoded
