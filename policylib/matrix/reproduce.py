"""Command lines that can be copied into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def command_line(words: Sequence[str]) -> str:
    r"""Words as a shell reads them; what cannot be seen is written out.

    >>> command_line(["rc", "a b", "it's\n"])
    "rc 'a b' $'it\\'s\\x0a'"
    """
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if word.isprintable():
        return shlex.quote(word)
    text = word.replace("\\", "\\\\").replace("'", "\\'")
    return "$'" + "".join(c if c.isprintable() else _written(c) for c in text) + "'"


def _written(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
