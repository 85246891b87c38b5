"""File names as links that other tools follow: relative to the repository where possible."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from urllib.parse import quote

from policylib.models import Rule

# No brackets, quotes or spaces: such an address ends where it should, wherever it is written.
_PAGE = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&*+,;=%-]{1,500}")


def relative(file: str, root: Path | None = None) -> str:
    """Name a file from `root` (default: the current folder) with forward slashes.

    A file outside the root keeps its absolute name. Symbolic links are not followed: the link
    is what the user named.
    """
    base = os.path.abspath(root or Path())  # noqa: PTH100 - Path.resolve follows links
    path = PurePath(os.path.abspath(file))  # noqa: PTH100
    inside = path.is_relative_to(base) and path != PurePath(base)
    return (path.relative_to(base) if inside else path).as_posix()


def uri(file: str, root: Path | None = None) -> str:
    """Write a file as a URI reference (RFC 3986): relative to the root, or `file:///…`."""
    name = relative(file, root)
    encoded = quote(name, safe="/", errors="surrogateescape")
    return f"file://{encoded}" if name.startswith("/") else encoded


def pages(rule: Rule) -> list[str]:
    """The references of a rule that are addresses of pages."""
    return [link for link in rule.references if _PAGE.fullmatch(link)]
