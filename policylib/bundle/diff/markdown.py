"""A difference as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.bundle.diff.model import Difference
from policylib.bundle.diff.sections import Section, sections, side, summary
from policylib.report.markup import code

ROWS = 20
"""Lines of a section; a comment has a limit of some tens of thousands of characters."""


def write(found: Difference) -> str:
    """Write it, with what others wrote as code, so that it is never markup."""
    blocks = [
        "### Bundle diff",
        f"**{summary(found)}**",
        f"- before: {code(side(found.before))}\n- after: {code(side(found.after))}",
    ]
    blocks += ["\n".join(_lines(section)) for section in sections(found, full=False)]
    return "\n\n".join(blocks) + "\n"


def _lines(section: Section) -> Iterator[str]:
    yield f"**{section.title}**\n"
    yield from (f"- {code(f'{sign} {text}')}" for sign, text in section.lines[:ROWS])
    if len(section.lines) > ROWS:
        yield f"- … and {len(section.lines) - ROWS} more: `--format json` has all."
