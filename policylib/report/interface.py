"""What a reporter is: a pure function from a report to the text of one output format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from policylib.models import Report, Rule


@dataclass(frozen=True)
class Options:
    """What the reader of an output wants to see.

    Parameters
    ----------
    color
        Write ANSI colours (text only).
    verbose
        List what was skipped (text, GitLab and Markdown; the others always do, or never).
    summary
        End with a line that counts what was checked (text and GitHub).
    root
        The folder that file names in links are relative to, usually the repository's; the
        current folder when absent.
    blob
        The address that file names in Markdown links are appended to, ending with a slash; they
        stay relative when it is empty.
    texts
        File name to text, for what was read but is not on disk, such as standard input.
    """

    color: bool = False
    verbose: bool = False
    summary: bool = True
    root: Path | None = None
    blob: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


DEFAULTS: Final = Options()


class Reporter(Protocol):
    """Write a report in one format.

    `rules` maps rule ids to rules; a violation of a rule that it lacks is reported all the same.
    The answer ends with a newline.
    """

    def __call__(
        self, report: Report, rules: Mapping[str, Rule], options: Options = DEFAULTS, /
    ) -> str:
        """Write `report`."""
