"""A difference for a terminal."""

from __future__ import annotations

from policylib.bundle.diff.model import Difference
from policylib.bundle.diff.sections import sections, side, summary
from policylib.report.plain import escape

_COLORS = {"+": "\x1b[32m", "-": "\x1b[31m", "~": "\x1b[33m", "!": "\x1b[31m"}


def write(found: Difference, *, color: bool = False, full: bool = False) -> str:
    """Write it, one line a change."""
    lines = [f"before: {escape(side(found.before))}", f"after:  {escape(side(found.after))}", ""]
    for section in sections(found, full=full):
        lines.append(section.title)
        for sign, text in section.lines:
            line = f"{sign} {escape(text)}"
            lines.append(
                f"  {_COLORS[sign]}{line}\x1b[0m" if color and sign in _COLORS else f"  {line}"
            )
        lines.append("")
    return "\n".join([*lines, summary(found)]) + "\n"
