"""Remembers the latest bundle that was accepted of each key and scope, so that none goes back."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from policylib import reading
from policylib.bundle.signatures.reasons import Reason, refused
from policylib.errors import BundleError
from policylib.models import Model
from policylib.replacing import replace

FILE_NAME: Final = "bundles.json"
PATIENCE: Final = 10.0
"""Seconds to wait for another process that holds the file."""

_ELSEWHERE: Final = "name another file (--seen), or verify without memory (--stateless)"
_REMEDY: Final = "restore it; who removes it lets an older bundle in once"


class Latest(Model):
    """The latest bundle of a key and scope."""

    keyid: Annotated[str, Field(min_length=1)]
    scope: str
    number: Annotated[int, Field(ge=0)]
    revision: str
    content: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class _Memory(Model):
    version: Literal[1]
    bundles: tuple[Latest, ...]


def default_path() -> Path:
    """The file of this user: in `$XDG_STATE_HOME`, or else in `~/.local/state`.

    Raises `BundleError` where there is neither.
    """
    folder = Path(os.environ.get("XDG_STATE_HOME", ""))
    # An XDG folder that is no absolute path is to be ignored.
    if not folder.is_absolute():
        try:
            folder = Path.home() / ".local" / "state"
        except RuntimeError as error:
            what = "there is no home to remember in what was seen before"
            raise BundleError(what, remedy=_ELSEWHERE) from error
    return folder / "policylib" / FILE_NAME


def advance(file: Path, bundle: Latest) -> bool:
    """Remember a bundle; answer whether its key and scope were not known before.

    Raises
    ------
    SignatureError
        The bundle is older than the latest, or has its number and other content. The file is as
        it was.
    BundleError
        The file is malformed, or cannot be read, locked or written.
    """
    try:
        _refuse_folder(file)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(file):
            known = {(one.keyid, one.scope): one for one in _read(file).bundles}
            latest = known.get((bundle.keyid, bundle.scope))
            if latest is not None:
                _refuse_older(bundle, latest)
            if latest != bundle:
                known[bundle.keyid, bundle.scope] = bundle
                bundles = tuple(known[pair] for pair in sorted(known))
                text = _Memory(version=1, bundles=bundles).model_dump_json(indent=2)
                replace(file, text.encode() + b"\n")
            return latest is None
    except OSError as error:
        raise BundleError(
            f"what was seen before cannot be read or kept: {error.strerror}",
            where=str(file),
            remedy=_ELSEWHERE,
        ) from error


def _refuse_folder(file: Path) -> None:
    if not file.name or file.is_dir():  # `.` and `/` have no name, and so no lock beside them
        raise BundleError(
            "what was seen before is kept in a file, and this is a folder",
            where=str(file),
            remedy=_ELSEWHERE,
        )


def _refuse_older(bundle: Latest, latest: Latest) -> None:
    if bundle.number < latest.number:
        raise refused(
            Reason.REVISION_OLDER,
            f"it is number {bundle.number}, and number {latest.number} was accepted before",
            remedy="sign what is to hold now with a higher number",
        )
    if bundle.number == latest.number and bundle.content != latest.content:
        raise refused(
            Reason.REVISION_REUSED,
            f"it is number {bundle.number} like the latest that was accepted, with other content",
            remedy="give each bundle a number of its own, higher than the last",
        )


def _read(file: Path) -> _Memory:
    try:
        content = reading.read(file)
    except FileNotFoundError:
        return _Memory(version=1, bundles=())
    try:
        memory = _Memory.model_validate_json(content, strict=True)
    except ValidationError as error:
        raise BundleError(
            "what was seen before is not as it was written", where=str(file), remedy=_REMEDY
        ) from error
    if len({(one.keyid, one.scope) for one in memory.bundles}) != len(memory.bundles):
        raise BundleError("it names a key and scope twice", where=str(file), remedy=_REMEDY)
    return memory


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold a lock beside the file, as the file itself is replaced."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    handle = os.open(file.with_name(f"{file.name}.lock"), flags, 0o600)
    try:
        _lock(handle, file)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, file: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise BundleError(
                    f"another process holds it for more than {PATIENCE:.0f} seconds",
                    where=str(file),
                ) from error
            time.sleep(0.02)
        else:
            return
