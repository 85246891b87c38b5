"""The heads of Rego modules: which package each is; and what of a module is code."""

from __future__ import annotations

import json
import re
from typing import Final

UNREADABLE: Final = "the module does not begin with a plain package"
REMEDY: Final = "write `package PATH` in one line, with nothing but comments before it"

_PACKAGE: Final = re.compile(
    r"(?:[ \t\r\n]|#[^\n]*\n)*+"  # spaces and comments
    r"package[ \t]+"
    r"(?P<path>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[\"(?:[^\"\\\n]|\\.)*\"\])*+)"
    r"[ \t\r]*(?:\n|#|\Z)"
)
_TEXT_AND_COMMENTS: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|`[^`]*`')
_SEGMENT: Final = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[(\"(?:[^\"\\]|\\.)*\")\]")


def package(source: str) -> tuple[str, ...] | None:
    r"""The path of a module's package; None for one that does not begin with a plain package.

    A path that goes on behind what is read here lies within it all the same.

    >>> package('# ours\npackage  a.b["c/d"]  # here')
    ('a', 'b', 'c/d')
    """
    found = _PACKAGE.match(source)
    if found is None:
        return None
    try:
        return tuple(word or json.loads(quoted) for word, quoted in _SEGMENT.findall(found["path"]))
    except ValueError:  # an escape that is none
        return None


def code(source: str) -> str:
    r"""A module without its texts and comments, line for line.

    >>> code('x := "violation" # of what\ny := `a\nb`')
    'x :=    \ny :=  \n'
    """
    return _TEXT_AND_COMMENTS.sub(_blank, source)


def _blank(match: re.Match[str]) -> str:
    """As many lines, and nothing that looks like code."""
    return " " + "\n" * match[0].count("\n")
