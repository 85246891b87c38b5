"""The files of a bundle, out of an archive or a folder, never more of them than a bundle has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from policylib import archive, reading
from policylib.archive import LARGEST, MOST_FILES
from policylib.bundle.folder import MARKER
from policylib.errors import BundleError


def of_archive(content: bytes, where: str) -> dict[str, bytes]:
    """The files of an archive; raises `BundleError` for what is no archive of a bundle."""
    return _bounded(archive.read(content, where), where)


def of_folder(root: Path) -> dict[str, bytes]:
    """The files in a folder, but for the marker of whoever wrote it.

    Raises `BundleError` for links, which could lead anywhere, and for more than a bundle has;
    `OSError` for what cannot be read.
    """
    return _bounded(_files(root), str(root))


def _bounded(files: Iterable[tuple[str, bytes]], where: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    size = 0
    for name, content in files:
        if name in found:
            raise BundleError(f"{name} is in it twice", where=where)
        found[name] = content
        size += len(content)
        if len(found) > MOST_FILES or size > LARGEST:
            what = f"it holds more than {MOST_FILES} files or {LARGEST} bytes"
            raise BundleError(what, where=where)
    return found


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for name, folders, names in reading.walk(root):
        for entry in (*folders, *names):
            if Path(name, entry).is_symlink():
                raise BundleError("links are not followed", where=str(Path(name, entry)))
        for file in names:
            path = Path(name, file)
            if (inner := path.relative_to(root).as_posix()) != MARKER:
                yield archive.path(inner, str(root)), reading.read(path)
