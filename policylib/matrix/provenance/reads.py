"""How the oracle reads patterns, dates, digests and URLs: in its own way, not the rules'."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

_HEX = set("0123456789abcdef")


def plain(text: object) -> bool:
    """Whether a text is visible ASCII."""
    if not isinstance(text, str) or not text or " " in text:
        return False
    return text.isascii() and text.isprintable()


def pattern_means(pattern: str, text: str) -> bool:
    """Whether a pattern means a whole text: a star is one or more characters but / and @."""
    if not (plain(pattern) and plain(text)):
        return False
    before, star, after = pattern.partition("*")
    if not text.startswith(before):
        return False
    rest = text[len(before) :]
    if not star:
        return rest == ""
    for at, character in enumerate(rest, 1):
        if character in "/@":
            return False
        if pattern_means_rest(after, rest[at:]):
            return True
    return False


def pattern_means_rest(pattern: str, text: str) -> bool:
    """As `pattern_means`, where nothing may be left of either."""
    if pattern == "":
        return text == ""
    return text != "" and pattern_means(pattern, text)


def is_digest(text: str) -> bool:
    """Whether it is sha256: and 64 digits."""
    algorithm, _, digits = text.partition(":")
    return algorithm == "sha256" and len(digits) == 64 and set(digits) <= _HEX


def moment(text: object) -> datetime | None:
    """An instant with a time of day and an offset; None for anything else."""
    if not isinstance(text, str) or "T" not in text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def repository(url: str) -> str | None:
    """A repository's URL without git+ and .git; None for one that may lead elsewhere."""
    bare = url.removeprefix("git+").removesuffix(".git")
    parts = urlsplit(bare)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        return None
    if parts.netloc != parts.netloc.lower() or parts.query or parts.fragment or "%" in bare:
        return None
    segments = parts.path.split("/")[1:]
    if not segments or any(segment in {"", ".", ".."} for segment in segments):
        return None
    return bare
