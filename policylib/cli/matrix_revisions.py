"""Files of git revisions: `REVISION:FILE`, with what a settings file there names beside it."""

from __future__ import annotations

import posixpath
import subprocess
from pathlib import Path

from policylib.errors import InputError
from policylib.settings.files import Document

_BESIDE = ("exceptions", "catalog")


def checked_out(side: str, folder: Path, *, settings: bool) -> Path:
    """The file that `side` names, or a copy in `folder` where it is one of a git revision.

    With `settings` the files that it names are there too. Raises `InputError` for what git does
    not know.
    """
    revision, colon, name = side.partition(":")
    if not (revision and colon and name) or Path(side).exists():
        return Path(side)
    inside = posixpath.normpath(posixpath.join(_prefix(side) if _relative(name) else "", name))
    path = _copy(revision, inside, folder, side)
    if settings:
        document = Document(path)
        for key in _BESIDE:
            beside = document.raw.get(key)
            if isinstance(beside, str) and beside and not beside.startswith("/"):
                other = posixpath.normpath(posixpath.join(posixpath.dirname(inside), beside))
                _copy(revision, other, folder, f"{revision}:{other}")
    return path


def _relative(name: str) -> bool:
    return name.startswith(("./", "../"))


def _prefix(side: str) -> str:
    """The current folder as git has it; names without ./ begin at the top."""
    return _git(["rev-parse", "--show-prefix"], side).decode().strip()


def _copy(revision: str, inside: str, folder: Path, side: str) -> Path:
    """Write one file of the revision where it lies below `folder`."""
    if inside.startswith(("../", "/")):
        raise InputError("it lies outside the repository", where=side)
    named = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}:{inside}"]
    blob = _git(named, side).decode().strip()
    path = folder / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_git(["cat-file", "blob", blob], side))
    return path


def _git(arguments: list[str], side: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except OSError as error:
        raise InputError(f"git does not run: {error.strerror}", where=side) from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        remedy = "name a file, or REVISION:FILE as `git show` takes it"
        raise InputError(said or "git knows no such file", where=side, remedy=remedy)
    return done.stdout
