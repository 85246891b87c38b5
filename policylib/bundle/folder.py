"""Writes a bundle's files into a folder: all of them, or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from policylib.errors import BundleError

MARKER = ".policylib-bundle"
_MARKER_TEXT = "Written by `policylib bundle build`, which replaces everything in this folder.\n"


def write(files: Mapping[str, bytes], output: Path, *, force: bool = False) -> None:
    """Replace the folder `output` by one that holds `files` (posix path → content).

    Parameters
    ----------
    force
        Replace a folder with content that policylib did not write.

    Raises
    ------
    BundleError
        `output` holds something else, or cannot be written. It is as it was before.
    """
    target = output.absolute()
    target = target.resolve() if target.is_symlink() else target
    _refuse_foreign(target, force=force)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            _fill(workplace / "next", {**files, MARKER: _MARKER_TEXT.encode()})
            _swap(workplace / "next", workplace / "last", target)
        finally:
            shutil.rmtree(workplace, ignore_errors=True)
    except OSError as error:
        raise BundleError(
            f"cannot write the bundle: {error.strerror}", where=str(error.filename or output)
        ) from error


def _refuse_foreign(target: Path, *, force: bool) -> None:
    if target.exists() and not target.is_dir():
        raise BundleError(
            "the output is a file", where=str(target), remedy="name a folder to write into"
        )
    ours = not target.exists() or (target / MARKER).is_file() or not any(target.iterdir())
    if not ours and not force:
        raise BundleError(
            "the folder holds something that policylib did not write",
            where=str(target),
            remedy="name an empty folder, or force its replacement",
        )


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _swap(ready: Path, retired: Path, target: Path) -> None:
    replaces = target.exists()
    if replaces:
        target.rename(retired)
    try:
        ready.rename(target)
    except OSError:
        if replaces:
            retired.rename(target)
        raise
