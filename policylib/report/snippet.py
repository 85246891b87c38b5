"""The line of a file that a report points at, with carets under the value."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from policylib.report.plain import escape, width

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_VALUE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'|(?:\{\{.*?\}\}|\S)+")
_LARGEST = 16 * 1024 * 1024
_WIDEST = 160
_MARGIN = 40


@dataclass(frozen=True)
class Snippet:
    """One printable line, and where in it (in terminal cells) the value stands."""

    text: str
    indent: int
    length: int


def snippets(texts: Mapping[str, str]) -> Callable[[str, int, int], Snippet | None]:
    """Return a function from (file, line, column) to a snippet.

    Each file is read at most once. A file that is gone, too large or too short gives None: a
    snippet is a convenience, and its absence says nothing about the verdict.
    """
    known: dict[str, list[str]] = {}

    def find(file: str, line: int, column: int) -> Snippet | None:
        if file not in known:
            text = texts[file] if file in texts else _read(file)
            known[file] = _LINE_BREAK.split(text)
        lines = known[file]
        return _snippet(lines[line - 1], column) if 1 <= line <= len(lines) else None

    return find


def _read(file: str) -> str:
    try:
        path = Path(file)
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        data = path.read_bytes()
        utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except (OSError, ValueError):  # gone, unreadable, or not text, such as a packed chart
        return ""


def _snippet(line: str, column: int) -> Snippet | None:
    if not line.strip() or not 1 <= column <= len(line):
        return None
    start = column - 1
    match = _VALUE.match(line[start : start + _WIDEST])
    value = match.group() if match else line[start]
    value = value if value.endswith("}}") else value.rstrip(",]}:") or value
    first = start - _MARGIN if len(line) > _WIDEST and start > _MARGIN else 0
    before = ("…" if first else "") + _printable(line[first:start])
    after = _printable(line[start : first + _WIDEST])
    cut = "…" if len(line) > first + _WIDEST else ""
    length = min(width(_printable(value)), width(after))
    return Snippet(before + after + cut, width(before), max(length, 1))


def _printable(text: str) -> str:
    return escape(text.replace("\t", " "))
