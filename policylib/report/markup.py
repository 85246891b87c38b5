"""Foreign text inside Markdown: as code, in which nothing has a meaning.

Code spans hold no links, HTML, mentions or references, on GitHub and GitLab alike. Escaping with
backslashes or entities would not do: mentions are looked for in the page that comes out of it.
"""

from __future__ import annotations

import re
from typing import Final

from policylib.report.plain import escape

LONGEST: Final = 300
"""Characters of a text that is not ours."""

_TICKS = re.compile(r"`+")


def code(text: str) -> str:
    """Write printable text as one code span, cut to `LONGEST`; nothing for nothing.

    >>> code("a `b`")
    '`` a `b` ``'
    """
    shown = escape(text[: LONGEST + 1])
    if len(shown) > LONGEST:
        shown = f"{shown[:LONGEST]}…"
    if not shown:
        return ""
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{shown}{space}{fence}"


def cell(text: str) -> str:
    """Write text as code inside a table, where a bar would end the cell."""
    return code(text).replace("|", "\\|")
