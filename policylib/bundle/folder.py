"""Writes a bundle's files into a folder: all of them, or nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from policylib import reading, replacing
from policylib.errors import BundleError

MARKER = ".policylib-bundle"
"""Names the files that were written and their SHA-256 digests."""
_AT_ONCE: Final = 8


def write(files: Mapping[str, bytes], output: Path, *, force: bool = False) -> None:
    """Replace the folder `output` by one that holds `files` (posix path → content).

    What was written survives a crash. A process that is killed between the two renames that this
    takes leaves no folder, and the earlier one beside it as `.policylib-…/last`.

    Parameters
    ----------
    force
        Replace a folder with content that policylib did not write.

    Raises
    ------
    BundleError
        `output` holds something else, or cannot be written. It is as it was before, unless the
        disk fails at the very end.
    """
    if MARKER in files:
        raise BundleError(f"the bundle holds a {MARKER} of its own", where=str(output))
    try:
        target = output.absolute()
        target = target.resolve() if target.is_symlink() else target
        _refuse_foreign(target, force=force)
        missing = [one for one in target.parents if not one.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=".policylib-", dir=target.parent))
        try:
            _fill(workplace / "next", {**files, MARKER: _marker(files)})
            _swap(workplace / "next", workplace / "last", target)
            for made in (target, *missing):
                replacing.settle(made.parent)
        finally:
            if target.exists() or not (workplace / "last").exists():
                shutil.rmtree(workplace, ignore_errors=True)
    except OSError as error:
        raise BundleError(
            f"cannot write the bundle: {error.strerror}", where=str(error.filename or output)
        ) from error


def read(source: Path) -> dict[str, bytes]:
    """The files that `write` put into a folder.

    Raises
    ------
    BundleError
        It holds something else, one of them was changed or is gone, or it cannot be read.
    """
    where = str(source)
    again = "build it again: `bundle build`"
    try:
        written = _written(source / MARKER)
        if not written:
            raise BundleError("policylib wrote nothing here", where=where, remedy=again)
        names = {path.relative_to(source).as_posix(): path for path in _content(source)}
        found: dict[str, bytes] = {}
        for name, path in sorted(names.items()):
            content = reading.read(path) if _is_plain(path) else b""
            if name != MARKER and hashlib.sha256(content).hexdigest() != written.get(name):
                what = "was changed" if name in written else "was not written by policylib"
                raise BundleError(f"{name} {what}", where=where, remedy=again)
            found[name] = content
    except OSError as error:
        raise BundleError(
            f"the bundle cannot be read: {error.strerror}", where=str(error.filename or source)
        ) from error
    found.pop(MARKER)
    if gone := written.keys() - found.keys():
        raise BundleError(f"{min(gone)} is gone", where=where, remedy=again)
    return found


def replace(file: Path, content: bytes) -> None:
    """Replace one file; where a bundle was written as it was, its marker vouches for it again.

    Raises `OSError` when it cannot be written.
    """
    marker = file.parent / MARKER
    written = _written(marker)
    vouched = file.name in written and _is_plain(file) and _digest(file) == written[file.name]
    replacing.replace(file, content)
    if vouched:
        digest = hashlib.sha256(content).hexdigest()
        replacing.replace(marker, _listed({**written, file.name: digest}))


def _marker(files: Mapping[str, bytes]) -> bytes:
    return _listed({name: hashlib.sha256(content).hexdigest() for name, content in files.items()})


def _listed(digests: Mapping[str, str]) -> bytes:
    return json.dumps(digests, indent=2, sort_keys=True).encode() + b"\n"


def _refuse_foreign(target: Path, *, force: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise BundleError(
            "the output is a file", where=str(target), remedy="name a folder to write into"
        )
    if foreign := None if force else _foreign(target):
        raise BundleError(
            f"the folder holds something that policylib did not write: {foreign}",
            where=str(target),
            remedy="name an empty folder, or force its replacement",
        )


def _foreign(target: Path) -> str | None:
    """The first file or folder that the marker does not vouch for, as it is."""
    written = _written(target / MARKER)
    for path in sorted(_content(target)):
        name = path.relative_to(target).as_posix()
        if name != MARKER and not (_is_plain(path) and _digest(path) == written.get(name)):
            return name
    return None


def _content(target: Path) -> Iterator[Path]:
    """Every file, and every link, to folders too; `OSError` where it cannot be told."""
    for name, folders, files in reading.walk(target):
        links = (folder for folder in folders if Path(name, folder).is_symlink())
        yield from (Path(name, entry) for entry in (*links, *files))


def _written(marker: Path) -> Mapping[str, str]:
    try:
        digests = json.loads(reading.read(marker))
    except (FileNotFoundError, ValueError):
        return {}
    return digests if isinstance(digests, dict) else {}


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _settle(folder)


def _settle(folder: Path) -> None:
    """Wait until a folder and all that is in it are on the disk.

    The system stores in one go what is asked for at the same time; one by one takes some twenty
    times as long.
    """
    paths = [
        Path(name, entry) for name, _, names in reading.walk(folder) for entry in (*names, ".")
    ]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(replacing.settle, paths))  # raises what one of them has raised


def _swap(ready: Path, retired: Path, target: Path) -> None:
    try:
        if target.exists():
            target.rename(retired)
        ready.rename(target)
    except BaseException:  # an interruption, too
        if retired.exists() and not target.exists():
            retired.rename(target)
        raise
