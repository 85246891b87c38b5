"""Brings an older settings file to the form of today, and leaves everything else byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from policylib.errors import SettingsError
from policylib.settings.checks import canonical
from policylib.settings.files import Document
from policylib.settings.model import VERSION

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def migrated(path: Path) -> str | None:
    """The file in the form of today; None when it has it.

    Raises `SettingsError` for what is newer, no settings, or written so that it takes a person.
    """
    document = Document(path)
    version = document.raw.get("version", 0)
    if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version <= VERSION:
        raise SettingsError(
            f"version {version} is none that this policylib can bring to {VERSION}",
            where=document.where(("version",)),
            remedy="use a policylib that is as new as the file",
        )
    if version == VERSION:
        return None
    try:
        text = document.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError("the file is not UTF-8", where=str(path), remedy=_BY_HAND) from error
    for step in range(version, VERSION):
        text = _STEPS[step](text, document)
        document = Document(path, text.encode("utf-8"))
    return text


def _say_version(text: str, document: Document) -> str:
    """Version 1 is the first that a file says."""
    line, column = document.place(())
    lines = _LINES.findall(text)
    before, first, after = lines[: line - 1], lines[line - 1], lines[line:]
    # A byte order mark is no column of its own.
    mark = "\ufeff" if line == 1 and first.startswith("\ufeff") else ""
    start, rest = first[: len(mark) + column - 1], first[len(mark) + column - 1 :]
    if rest.startswith("{"):
        comma = ", " if document.raw else ""
        changed = f'{start}{{"version": 1{comma}{rest[1:]}'
    else:
        end = first[len(first.rstrip("\r\n")) :] or "\n"
        changed = f"{start}version: 1{end}{start.removeprefix(mark)}{rest}"
    whole = "".join((*before, changed, *after))
    _require(document, whole, {"version": 1, **document.raw})
    return whole


def _require(document: Document, text: str, meaning: Mapping[str, object]) -> None:
    """Require that a changed text means what it should: YAML has more forms than one expects."""
    try:
        raw = Document(document.path, text.encode("utf-8")).raw
    except SettingsError:
        raw = {}
    if canonical(raw) != canonical(dict(meaning)):
        raise SettingsError(
            "the file is written in a way that only a person can change",
            where=str(document.path),
            remedy=_BY_HAND,
        )


_BY_HAND: Final = f"write `version: {VERSION}` into it, and check it with `rc settings validate`"
# The step at an index brings a file of that version to the next; 0 stands for none.
_STEPS: Final[tuple[Callable[[str, Document], str], ...]] = (_say_version,)
