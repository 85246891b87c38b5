"""Text that is safe to print: what a manifest or a file name holds is never trusted."""

from __future__ import annotations

import unicodedata


def escape(text: str) -> str:
    r"""Make text printable on one line.

    Control characters, escape sequences, line breaks, invisible and direction-changing
    characters and lone surrogates are written out (`\n`, `\x1b`, `\u202e`).

    >>> escape("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written(char) for char in text)


def _written(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def width(text: str) -> int:
    """Count the terminal cells of printable text: wide characters take two, marks none."""
    return sum(map(_cells, text)) if not text.isascii() else len(text)


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def count(number: int, noun: str) -> str:
    """Count things in English.

    >>> count(1, "violation"), count(0, "violation")
    ('1 violation', '0 violations')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
