"""How the oracle reads spans, days, numbers, names and runbooks: in its own way, not the rules'."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

_EMPTY_WORDS = frozenset(
    (
        "todo",
        "tbd",
        "tba",
        "tbc",
        "n/a",
        "na",
        "none",
        "unknown",
        "nobody",
        "someone",
        "fixme",
        "xxx",
        "-",
        "?",
    )
)
_BLANKS = "\u2800\u3164"  # which count as letters or signs
_UNITS = (("d", 86400000), ("h", 3600000), ("m", 60000), ("s", 1000), ("ms", 1))


def span(text: object) -> int | None:
    """The milliseconds of a span such as 1h30m; None for what is none."""
    if not isinstance(text, str) or not text:
        return None
    total, rest = 0, text
    for unit, worth in _UNITS:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        after = rest[len(digits) :]
        letters = after[: 2 if after.startswith("ms") else 1]
        if digits and letters == unit:
            if len(digits) > 6:
                return None
            total, rest = total + int(digits) * worth, after[len(letters) :]
    return None if rest else total


def says(text: object) -> bool:
    """Whether a text names somebody or something."""
    if not isinstance(text, str) or any(mark in text for mark in ("${", "{{", "<%")):
        return False
    if any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} or c in _BLANKS for c in text):
        return False
    plain = text.strip().lower()
    if plain in _EMPTY_WORDS or (plain.startswith("<") and plain.endswith(">")):
        return False
    return any(character.isalnum() for character in plain)


def moment(text: object) -> datetime | None:
    """When something is: a day is over at its end."""
    if not isinstance(text, str) or not re.match(r"(19[7-9]|20|21)\d", text) or len(text) < 10:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == 10:
        return found.replace(tzinfo=UTC) + timedelta(days=1)
    return found.astimezone(UTC) if found.tzinfo else None


def number(value: object) -> float | None:
    """A number; a truth is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def count(value: object) -> int | None:
    """A whole number that is not negative."""
    found = number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def parts(value: object) -> list[tuple[object, Any]]:
    """The parts of a list or a map, each with its name."""
    if isinstance(value, dict):
        return list(value.items())
    items = value if isinstance(value, list) else []
    return [(item.get("name") if isinstance(item, dict) else None, item) for item in items]


def leads(text: str) -> bool:
    """Whether a runbook is a page that others reach, or a file in the repository."""
    if " " in text or "todo" in text.lower():
        return False
    if "://" in text:
        url = urlsplit(text)
        own = url.hostname is None or url.hostname == "localhost" or url.hostname[:4] == "127."
        is_page = len(url.path) > 1 and ".." not in url.path.split("/")
        return url.scheme == "https" and "@" not in url.netloc and is_page and not own
    path = text.split("#", maxsplit=1)[0]
    if path.startswith("/") or ".." in path.split("/"):
        return False
    return "/" in path.removeprefix("./") or path.endswith((".md", ".html", ".txt", ".rst"))
